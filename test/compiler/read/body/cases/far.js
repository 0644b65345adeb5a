/** Reads all, changes all: the worst that something unknown can do. */
export function unknown(...given) {
  for (const each of given) {
    if (typeof each !== "object" || each === null) continue;
    JSON.stringify(each);
    if ("customerId" in each) each.customerId = "changed";
  }
  return true;
}

export function unknownTable(counts) {
  counts.set("anything", 1);
}

export function change(tags) {
  tags.push("changed");
}

export async function consume(orders) {
  for await (const order of orders) JSON.stringify(order);
}
