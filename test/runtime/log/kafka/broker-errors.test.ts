import assert from "node:assert/strict";
import test from "node:test";
import {
  brokerErrors,
  Refusal,
  refusalError,
} from "../../../../runtime/log/kafka/broker-errors.ts";

/** Kafka's numbers (its class `Errors`), what callers compare, and what has to be found out anew. */
const expected: readonly (readonly [
  number: number,
  name: string,
  code: string,
  again?: "later" | "leader" | "coordinator",
])[] = [
  [-1, "UNKNOWN_SERVER_ERROR", "SG6028"],
  [1, "OFFSET_OUT_OF_RANGE", "SG6002"],
  [2, "CORRUPT_MESSAGE", "SG6012", "later"],
  [3, "UNKNOWN_TOPIC_OR_PARTITION", "SG6003", "leader"],
  [5, "LEADER_NOT_AVAILABLE", "SG6012", "leader"],
  [6, "NOT_LEADER_OR_FOLLOWER", "SG6012", "leader"],
  [7, "REQUEST_TIMED_OUT", "SG6011", "later"],
  [8, "BROKER_NOT_AVAILABLE", "SG6012", "leader"],
  [9, "REPLICA_NOT_AVAILABLE", "SG6012", "leader"],
  [10, "MESSAGE_TOO_LARGE", "SG6008"],
  [12, "OFFSET_METADATA_TOO_LARGE", "SG6008"],
  [13, "NETWORK_EXCEPTION", "SG6011", "leader"],
  [14, "COORDINATOR_LOAD_IN_PROGRESS", "SG6012", "later"],
  [15, "COORDINATOR_NOT_AVAILABLE", "SG6012", "coordinator"],
  [16, "NOT_COORDINATOR", "SG6012", "coordinator"],
  [17, "INVALID_TOPIC_EXCEPTION", "SG6009"],
  [18, "RECORD_LIST_TOO_LARGE", "SG6008"],
  [19, "NOT_ENOUGH_REPLICAS", "SG6012", "later"],
  [20, "NOT_ENOUGH_REPLICAS_AFTER_APPEND", "SG6011", "later"],
  [22, "ILLEGAL_GENERATION", "SG6006"],
  [23, "INCONSISTENT_GROUP_PROTOCOL", "SG6026"],
  [24, "INVALID_GROUP_ID", "SG6009"],
  [25, "UNKNOWN_MEMBER_ID", "SG6006"],
  [26, "INVALID_SESSION_TIMEOUT", "SG6026"],
  [27, "REBALANCE_IN_PROGRESS", "SG6006"],
  [28, "INVALID_COMMIT_OFFSET_SIZE", "SG6008"],
  [29, "TOPIC_AUTHORIZATION_FAILED", "SG6023"],
  [30, "GROUP_AUTHORIZATION_FAILED", "SG6023"],
  [31, "CLUSTER_AUTHORIZATION_FAILED", "SG6023"],
  [32, "INVALID_TIMESTAMP", "SG6009"],
  [33, "UNSUPPORTED_SASL_MECHANISM", "SG6021"],
  [34, "ILLEGAL_SASL_STATE", "SG6021"],
  [35, "UNSUPPORTED_VERSION", "SG6027"],
  [36, "TOPIC_ALREADY_EXISTS", "SG6004"],
  [37, "INVALID_PARTITIONS", "SG6009"],
  [38, "INVALID_REPLICATION_FACTOR", "SG6009"],
  [40, "INVALID_CONFIG", "SG6009"],
  [41, "NOT_CONTROLLER", "SG6012", "leader"],
  [42, "INVALID_REQUEST", "SG6028"],
  [43, "UNSUPPORTED_FOR_MESSAGE_FORMAT", "SG6027"],
  [44, "POLICY_VIOLATION", "SG6009"],
  [45, "OUT_OF_ORDER_SEQUENCE_NUMBER", "SG6012"],
  [46, "DUPLICATE_SEQUENCE_NUMBER", "SG6011"],
  [47, "INVALID_PRODUCER_EPOCH", "SG6005"],
  [48, "INVALID_TXN_STATE", "SG6007"],
  [49, "INVALID_PRODUCER_ID_MAPPING", "SG6007"],
  [50, "INVALID_TRANSACTION_TIMEOUT", "SG6009"],
  [51, "CONCURRENT_TRANSACTIONS", "SG6012", "later"],
  [52, "TRANSACTION_COORDINATOR_FENCED", "SG6012", "coordinator"],
  [53, "TRANSACTIONAL_ID_AUTHORIZATION_FAILED", "SG6023"],
  [54, "SECURITY_DISABLED", "SG6027"],
  [56, "KAFKA_STORAGE_ERROR", "SG6012", "leader"],
  [58, "SASL_AUTHENTICATION_FAILED", "SG6021"],
  [59, "UNKNOWN_PRODUCER_ID", "SG6012"],
  [72, "LISTENER_NOT_FOUND", "SG6012", "leader"],
  [74, "FENCED_LEADER_EPOCH", "SG6012", "leader"],
  [75, "UNKNOWN_LEADER_EPOCH", "SG6012", "leader"],
  [76, "UNSUPPORTED_COMPRESSION_TYPE", "SG6027"],
  [78, "OFFSET_NOT_AVAILABLE", "SG6012", "later"],
  [80, "PREFERRED_LEADER_NOT_AVAILABLE", "SG6012", "leader"],
  [81, "GROUP_MAX_SIZE_REACHED", "SG6026"],
  [82, "FENCED_INSTANCE_ID", "SG6005"],
  [83, "ELIGIBLE_LEADERS_NOT_AVAILABLE", "SG6012", "leader"],
  [87, "INVALID_RECORD", "SG6009"],
  [88, "UNSTABLE_OFFSET_COMMIT", "SG6012", "later"],
  [89, "THROTTLING_QUOTA_EXCEEDED", "SG6012", "later"],
  [90, "PRODUCER_FENCED", "SG6005"],
  [113, "STALE_MEMBER_EPOCH", "SG6006"],
  [120, "TRANSACTION_ABORTABLE", "SG6013"],
];

for (const [number, name, code, again] of expected) {
  test(`error ${number} of a broker, ${name}, is ${code}`, () => {
    const refusal = new Refusal(number, { topic: "orders", partition: 3 });
    assert.equal(refusal.again, again);
    const error = refusalError(refusal, "sending records");
    assert.equal(error.code, code);
    assert.deepEqual(error.place, { topic: "orders", partition: 3 });
    assert.match(error.message, /^sending records, partition orders\/3: .+ \([A-Z_]+\)$/);
    assert.ok(error.message.endsWith(`(${name})`), error.message);
  });
}

test("every error that is known is listed here", () => {
  assert.deepEqual(
    [...brokerErrors.keys()],
    expected.map(([number]) => number),
  );
});

test("an error that is not known is shown by its number", () => {
  const error = refusalError(new Refusal(9_999), "asking for offsets");
  assert.equal(error.code, "SG6028");
  assert.equal(
    error.message,
    "asking for offsets: the broker answered with error 9999, which is not known",
  );
});
