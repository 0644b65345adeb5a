/** The requests of tools, beside those of workers: see `apis.ts`. */
export interface AdminApis {
  readonly DescribeGroups: {
    readonly request: { readonly groupIds: readonly string[] };
    readonly answer: {
      readonly groups: readonly {
        readonly errorCode: number;
        readonly groupId: string;
        readonly members: readonly { readonly clientId: string; readonly clientHost: string }[];
      }[];
    };
  };
  readonly DeleteGroups: {
    readonly request: readonly string[];
    readonly answer: {
      readonly results: readonly { readonly groupId: string; readonly errorCode: number }[];
    };
  };
  readonly DeleteTopics: {
    readonly request: { readonly topics: readonly string[]; readonly timeout: number };
    readonly answer: {
      readonly topicErrors: readonly { readonly topic: string; readonly errorCode: number }[];
    };
  };
  readonly AlterConfigs: {
    /** The settings take the place of all that the topic has of its own. */
    readonly request: {
      readonly resources: readonly {
        readonly type: number;
        readonly name: string;
        readonly configEntries: readonly { readonly name: string; readonly value: string }[];
      }[];
      readonly validateOnly: boolean;
    };
    readonly answer: {
      readonly resources: readonly {
        readonly errorCode: number;
        readonly errorMessage: string | null;
        readonly resourceName: string;
      }[];
    };
  };
}
