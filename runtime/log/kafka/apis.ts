import type { AdminApis } from "./admin-apis.ts";

/** The partitions of one topic in a request. */
export interface OfTopic<Partition> {
  readonly topic: string;
  readonly partitions: readonly Partition[];
}

export interface PartitionError {
  readonly partition: number;
  readonly errorCode: number;
}

/** Whose transaction a call belongs to. */
export interface TransactionOwner {
  readonly transactionalId: string;
  readonly producerId: string;
  readonly producerEpoch: number;
}

interface OffsetToCommit {
  readonly partition: number;
  readonly offset: string;
  readonly metadata: string;
}

/**
 * The requests, by kafkajs' names, and what it decodes their answers to, in the highest versions that
 * it has. An `errorCode` is Kafka's number, 0 for none; 64-bit numbers come and go as text.
 */
export interface Apis extends AdminApis {
  readonly Metadata: {
    readonly request: {
      readonly topics: readonly string[];
      readonly allowAutoTopicCreation: boolean;
    };
    readonly answer: {
      readonly brokers: readonly {
        readonly nodeId: number;
        readonly host: string;
        readonly port: number;
      }[];
      readonly controllerId: number;
      readonly topicMetadata: readonly {
        readonly topicErrorCode: number;
        readonly topic: string;
        readonly isInternal?: boolean;
        readonly partitionMetadata: readonly {
          readonly partitionErrorCode: number;
          readonly partitionId: number;
          readonly leader: number;
          readonly replicas: readonly number[];
        }[];
      }[];
    };
  };
  readonly GroupCoordinator: {
    readonly request: { readonly groupId: string; readonly coordinatorType: 0 | 1 };
    readonly answer: {
      readonly errorCode: number;
      readonly coordinator: {
        readonly nodeId: number;
        readonly host: string;
        readonly port: number;
      };
    };
  };
  readonly CreateTopics: {
    readonly request: {
      readonly topics: readonly {
        readonly topic: string;
        readonly numPartitions: number;
        readonly replicationFactor: number;
        readonly configEntries: readonly { readonly name: string; readonly value: string }[];
      }[];
      readonly validateOnly: boolean;
      readonly timeout: number;
    };
    readonly answer: {
      readonly topicErrors: readonly {
        readonly topic: string;
        readonly errorCode: number;
        readonly errorMessage?: string | null;
      }[];
    };
  };
  readonly DescribeConfigs: {
    readonly request: {
      readonly resources: readonly { readonly type: number; readonly name: string }[];
      readonly includeSynonyms: boolean;
    };
    readonly answer: {
      readonly resources: readonly {
        readonly errorCode: number;
        readonly resourceName: string;
        readonly configEntries: readonly {
          readonly configName: string;
          readonly configValue: string | null;
          readonly isSensitive: boolean;
          /** 1 where the topic has it of its own. */
          readonly configSource: number;
        }[];
      }[];
    };
  };
  readonly DeleteRecords: {
    readonly request: {
      readonly topics: readonly OfTopic<{ readonly partition: number; readonly offset: string }>[];
      readonly timeout: number;
    };
    readonly answer: { readonly topics: readonly OfTopic<PartitionError>[] };
  };
  readonly ListOffsets: {
    readonly request: {
      readonly replicaId: -1;
      /** 0 asks for the end, 1 for the last stable offset. */
      readonly isolationLevel: 0 | 1;
      /** A timestamp of -1 is the end, -2 the start; -1 is answered where no record is as new. */
      readonly topics: readonly OfTopic<{
        readonly partition: number;
        readonly timestamp: number;
      }>[];
    };
    readonly answer: {
      readonly responses: readonly OfTopic<PartitionError & { readonly offset: string }>[];
    };
  };
  readonly Produce: {
    /** The batches are added by `produceProtocol`, as bytes that are complete. */
    readonly request: {
      readonly acks: -1;
      readonly timeout: number;
      readonly topicData: readonly [];
    };
    readonly answer: {
      readonly topics: readonly {
        readonly topicName: string;
        readonly partitions: readonly (PartitionError & { readonly baseOffset: string })[];
      }[];
    };
  };
  readonly Fetch: {
    readonly request: {
      readonly maxWaitTime: number;
      readonly minBytes: number;
      readonly maxBytes: number;
      readonly topics: readonly OfTopic<{
        readonly partition: number;
        readonly fetchOffset: string;
        readonly maxBytes: number;
      }>[];
    };
    /** Not used: `decodeFetch` reads the answer in place. */
    readonly answer: unknown;
  };
  readonly JoinGroup: {
    readonly request: {
      readonly groupId: string;
      readonly sessionTimeout: number;
      readonly rebalanceTimeout: number;
      readonly memberId: string;
      readonly groupInstanceId: string | null;
      readonly protocolType: string;
      readonly groupProtocols: readonly { readonly name: string; readonly metadata: Buffer }[];
    };
    readonly answer: {
      readonly errorCode: number;
      readonly generationId: number;
      readonly leaderId: string;
      readonly memberId: string;
      readonly members: readonly {
        readonly memberId: string;
        readonly memberMetadata: Buffer;
      }[];
    };
  };
  readonly SyncGroup: {
    readonly request: {
      readonly groupId: string;
      readonly generationId: number;
      readonly memberId: string;
      readonly groupInstanceId: string | null;
      readonly groupAssignment: readonly {
        readonly memberId: string;
        readonly memberAssignment: Buffer;
      }[];
    };
    readonly answer: { readonly errorCode: number; readonly memberAssignment: Buffer };
  };
  readonly Heartbeat: {
    readonly request: {
      readonly groupId: string;
      readonly groupGenerationId: number;
      readonly memberId: string;
      readonly groupInstanceId: string | null;
    };
    readonly answer: { readonly errorCode: number };
  };
  readonly LeaveGroup: {
    readonly request: {
      readonly groupId: string;
      readonly memberId: string;
      readonly groupInstanceId: string | null;
    };
    readonly answer: { readonly errorCode: number };
  };
  readonly OffsetCommit: {
    readonly request: {
      readonly groupId: string;
      readonly groupGenerationId: number;
      readonly memberId: string;
      readonly topics: readonly OfTopic<OffsetToCommit>[];
    };
    readonly answer: { readonly responses: readonly OfTopic<PartitionError>[] };
  };
  readonly OffsetFetch: {
    readonly request: {
      readonly groupId: string;
      readonly topics: readonly OfTopic<{ readonly partition: number }>[];
    };
    readonly answer: {
      readonly errorCode: number;
      readonly responses: readonly OfTopic<
        PartitionError & { readonly offset: string; readonly metadata: string | null }
      >[];
    };
  };
  readonly InitProducerId: {
    readonly request: {
      readonly transactionalId: string | null;
      readonly transactionTimeout: number;
    };
    readonly answer: {
      readonly errorCode: number;
      readonly producerId: string;
      readonly producerEpoch: number;
    };
  };
  readonly AddPartitionsToTxn: {
    readonly request: TransactionOwner & { readonly topics: readonly OfTopic<number>[] };
    readonly answer: { readonly errors: readonly TopicErrors[] };
  };
  readonly AddOffsetsToTxn: {
    readonly request: TransactionOwner & { readonly groupId: string };
    readonly answer: { readonly errorCode: number };
  };
  readonly TxnOffsetCommit: {
    readonly request: TransactionOwner & {
      readonly groupId: string;
      readonly topics: readonly OfTopic<OffsetToCommit>[];
    };
    readonly answer: { readonly topics: readonly OfTopic<PartitionError>[] };
  };
  readonly EndTxn: {
    readonly request: TransactionOwner & { readonly transactionResult: boolean };
    readonly answer: { readonly errorCode: number };
  };
}

interface TopicErrors {
  readonly topic: string;
  readonly partitionErrors: readonly PartitionError[];
}
