import { writeFileSync } from "node:fs";
import path from "node:path";
import { cached, isCached } from "./cache.ts";
import { hasMaven, javaVersion, maven } from "./java.ts";

export const kafkaVersion = "4.1.0";
const folder = `kafka-${kafkaVersion}`;

/** The server, what its StorageTool needs, and a logger. Kafka Connect, which comes along, is left out. */
const project = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>test</groupId><artifactId>kafka</artifactId><version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId>
      <version>${kafkaVersion}</version>
    </dependency>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId>
      <version>${kafkaVersion}</version>
      <exclusions>
        <exclusion>
          <groupId>org.apache.kafka</groupId><artifactId>connect-runtime</artifactId>
        </exclusion>
      </exclusions>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
`;

/** Why no broker can be started here; absent where one can. */
export function noKafka(): string | undefined {
  const java = javaVersion();
  if (java === undefined) return "a Kafka broker needs Java 17, and there is no Java";
  if (java < 17) return `a Kafka broker needs Java 17, and this is Java ${java}`;
  if (!isCached(folder) && !hasMaven()) return "Kafka is downloaded by Maven, and there is no mvn";
  return undefined;
}

/** Kafka's class path; downloads it at the first use. */
export function kafkaClassPath(): string {
  const cache = cached(folder, (filling) => {
    writeFileSync(path.join(filling, "pom.xml"), project);
    maven(filling, ["dependency:copy-dependencies", "-DoutputDirectory=lib"]);
  });
  return path.join(cache, "lib", "*");
}
