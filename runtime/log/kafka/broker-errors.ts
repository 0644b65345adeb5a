import type { ErrorPlace, StreamgenError } from "../../errors.ts";
import { type LogCode, logCode, logError } from "../codes.ts";

/** What a broker's error means to this log. */
export interface BrokerError {
  readonly name: string;
  readonly code: LogCode;
  readonly says: string;
  /** The call may succeed later: after nothing but a while, or with another leader or coordinator. */
  readonly again?: "later" | "leader" | "coordinator";
}

const row = (
  name: string,
  code: LogCode,
  says: string,
  again?: "later" | "leader" | "coordinator",
): BrokerError => ({ name, code, says, ...(again === undefined ? {} : { again }) });

/** Kafka's errors by number. One that is not here is SG6028. */
export const brokerErrors: ReadonlyMap<number, BrokerError> = new Map([
  [-1, row("UNKNOWN_SERVER_ERROR", logCode.unexpected, "the broker failed; its log says why")],
  [1, row("OFFSET_OUT_OF_RANGE", logCode.outOfRange, "the partition does not hold that offset")],
  [2, row("CORRUPT_MESSAGE", logCode.unavailable, "the bytes were damaged on their way", "later")],
  [3, row("UNKNOWN_TOPIC_OR_PARTITION", logCode.unknown, "it does not exist", "leader")],
  [5, row("LEADER_NOT_AVAILABLE", logCode.unavailable, "no broker leads it", "leader")],
  [6, row("NOT_LEADER_OR_FOLLOWER", logCode.unavailable, "another broker leads it", "leader")],
  [7, row("REQUEST_TIMED_OUT", logCode.unanswered, "the replicas took too long", "later")],
  [8, row("BROKER_NOT_AVAILABLE", logCode.unavailable, "the broker is not there", "leader")],
  [9, row("REPLICA_NOT_AVAILABLE", logCode.unavailable, "a replica is not there", "leader")],
  [10, row("MESSAGE_TOO_LARGE", logCode.tooLarge, "it exceeds the topic's max.message.bytes")],
  [12, row("OFFSET_METADATA_TOO_LARGE", logCode.tooLarge, "an offset's metadata is too long")],
  [13, row("NETWORK_EXCEPTION", logCode.unanswered, "brokers lost each other", "leader")],
  [14, row("COORDINATOR_LOAD_IN_PROGRESS", logCode.unavailable, "it is still loading", "later")],
  [15, row("COORDINATOR_NOT_AVAILABLE", logCode.unavailable, "nobody coordinates", "coordinator")],
  [16, row("NOT_COORDINATOR", logCode.unavailable, "another broker coordinates", "coordinator")],
  [17, row("INVALID_TOPIC_EXCEPTION", logCode.refused, "no topic can have that name")],
  [18, row("RECORD_LIST_TOO_LARGE", logCode.tooLarge, "it exceeds the topic's segment.bytes")],
  [19, row("NOT_ENOUGH_REPLICAS", logCode.unavailable, "too few replicas are in sync", "later")],
  [20, row("NOT_ENOUGH_REPLICAS_AFTER_APPEND", logCode.unanswered, "replicas fell back", "later")],
  [22, row("ILLEGAL_GENERATION", logCode.generation, "the membership's generation is over")],
  [23, row("INCONSISTENT_GROUP_PROTOCOL", logCode.group, "the group has members of another kind")],
  [24, row("INVALID_GROUP_ID", logCode.refused, "no group can have that name")],
  [25, row("UNKNOWN_MEMBER_ID", logCode.generation, "the group knows no such member any more")],
  [26, row("INVALID_SESSION_TIMEOUT", logCode.group, "brokers do not allow that session timeout")],
  [27, row("REBALANCE_IN_PROGRESS", logCode.generation, "the group is rebalancing")],
  [28, row("INVALID_COMMIT_OFFSET_SIZE", logCode.tooLarge, "too much is committed at once")],
  [29, row("TOPIC_AUTHORIZATION_FAILED", logCode.denied, "the topic's ACLs do not allow it")],
  [30, row("GROUP_AUTHORIZATION_FAILED", logCode.denied, "the group's ACLs do not allow it")],
  [31, row("CLUSTER_AUTHORIZATION_FAILED", logCode.denied, "the cluster's ACLs do not allow it")],
  [32, row("INVALID_TIMESTAMP", logCode.refused, "its timestamp is not what the topic takes")],
  [33, row("UNSUPPORTED_SASL_MECHANISM", logCode.authentication, "not a mechanism of its own")],
  [
    34,
    row("ILLEGAL_SASL_STATE", logCode.authentication, "not logged in: check sasl, and its token"),
  ],
  [35, row("UNSUPPORTED_VERSION", logCode.unsupported, "the broker speaks other versions")],
  [36, row("TOPIC_ALREADY_EXISTS", logCode.conflict, "a topic of that name exists")],
  [37, row("INVALID_PARTITIONS", logCode.refused, "no topic can have so many partitions")],
  [38, row("INVALID_REPLICATION_FACTOR", logCode.refused, "there are fewer brokers than replicas")],
  [40, row("INVALID_CONFIG", logCode.refused, "brokers do not know that setting or value")],
  [41, row("NOT_CONTROLLER", logCode.unavailable, "another broker is the controller", "leader")],
  [42, row("INVALID_REQUEST", logCode.unexpected, "the broker does not understand the call")],
  [43, row("UNSUPPORTED_FOR_MESSAGE_FORMAT", logCode.unsupported, "the topic's format is too old")],
  [44, row("POLICY_VIOLATION", logCode.refused, "a policy of the brokers forbids it")],
  [45, row("OUT_OF_ORDER_SEQUENCE_NUMBER", logCode.unavailable, "a batch before it is missing")],
  [46, row("DUPLICATE_SEQUENCE_NUMBER", logCode.unanswered, "it was taken, nobody knows where")],
  [47, row("INVALID_PRODUCER_EPOCH", logCode.fenced, "a newer producer has that id")],
  [48, row("INVALID_TXN_STATE", logCode.expired, "the brokers ended the transaction otherwise")],
  [49, row("INVALID_PRODUCER_ID_MAPPING", logCode.expired, "brokers have forgotten the producer")],
  [50, row("INVALID_TRANSACTION_TIMEOUT", logCode.refused, "brokers allow no such long timeout")],
  [51, row("CONCURRENT_TRANSACTIONS", logCode.unavailable, "the last one still ends", "later")],
  [52, row("TRANSACTION_COORDINATOR_FENCED", logCode.unavailable, "it moved", "coordinator")],
  [53, row("TRANSACTIONAL_ID_AUTHORIZATION_FAILED", logCode.denied, "ACLs do not allow the id")],
  [54, row("SECURITY_DISABLED", logCode.unsupported, "security is turned off")],
  [56, row("KAFKA_STORAGE_ERROR", logCode.unavailable, "a disk of the broker failed", "leader")],
  [58, row("SASL_AUTHENTICATION_FAILED", logCode.authentication, "who asks is not believed")],
  [59, row("UNKNOWN_PRODUCER_ID", logCode.unavailable, "the partition forgot the producer")],
  [72, row("LISTENER_NOT_FOUND", logCode.unavailable, "its leader has no such door", "leader")],
  [74, row("FENCED_LEADER_EPOCH", logCode.unavailable, "another broker leads it", "leader")],
  [75, row("UNKNOWN_LEADER_EPOCH", logCode.unavailable, "the broker is behind", "leader")],
  [76, row("UNSUPPORTED_COMPRESSION_TYPE", logCode.unsupported, "unknown compression")],
  [78, row("OFFSET_NOT_AVAILABLE", logCode.unavailable, "its leader is catching up", "later")],
  [80, row("PREFERRED_LEADER_NOT_AVAILABLE", logCode.unavailable, "no broker leads it", "leader")],
  [81, row("GROUP_MAX_SIZE_REACHED", logCode.group, "brokers allow no more members")],
  [82, row("FENCED_INSTANCE_ID", logCode.fenced, "a newer member has the same instance id")],
  [83, row("ELIGIBLE_LEADERS_NOT_AVAILABLE", logCode.unavailable, "no broker leads it", "leader")],
  [87, row("INVALID_RECORD", logCode.refused, "a record lacks the key that compaction needs")],
  [88, row("UNSTABLE_OFFSET_COMMIT", logCode.unavailable, "a transaction is open", "later")],
  [89, row("THROTTLING_QUOTA_EXCEEDED", logCode.unavailable, "the quota is used up", "later")],
  [90, row("PRODUCER_FENCED", logCode.fenced, "a newer producer has that id")],
  [113, row("STALE_MEMBER_EPOCH", logCode.generation, "the membership's generation is over")],
  [120, row("TRANSACTION_ABORTABLE", logCode.abortOnly, "it can only be aborted")],
]);

/** A broker's answer that is an error, as long as it is not known what comes of it. */
export class Refusal extends Error {
  readonly number: number;
  readonly place: ErrorPlace;

  constructor(number: number, place: ErrorPlace = {}) {
    super(`a broker answered with error ${number}`);
    this.name = "Refusal";
    this.number = number;
    this.place = place;
  }

  get again(): BrokerError["again"] {
    return brokerErrors.get(this.number)?.again;
  }
}

/** Throws the refusal that `errorCode` is, unless it is 0. */
export function refuse(errorCode: number, place: ErrorPlace = {}): void {
  if (errorCode !== 0) throw new Refusal(errorCode, place);
}

/** The error that callers get; `what` is what was being done, such as `reading orders/3`. */
export function refusalError(refusal: Refusal, what: string): StreamgenError {
  const { number, place } = refusal;
  const known = brokerErrors.get(number);
  const where = place.topic === undefined ? what : `${what}, ${showPlace(place)}`;
  const message =
    known === undefined
      ? `${where}: the broker answered with error ${number}, which is not known`
      : `${where}: ${known.says} (${known.name})`;
  return logError(known?.code ?? logCode.unexpected, message, place);
}

function showPlace({ topic, partition }: ErrorPlace): string {
  return partition === undefined ? `topic "${topic}"` : `partition ${topic}/${partition}`;
}
