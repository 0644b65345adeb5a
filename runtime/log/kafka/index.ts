export { kafkaAdmin } from "./admin.ts";
export { kafkaLog } from "./kafka-log.ts";
export type { KafkaLogEvent, KafkaLogOptions } from "./options.ts";
export type { KafkaSettings, SaslSettings, TlsSettings } from "./settings.ts";
