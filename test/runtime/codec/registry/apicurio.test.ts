import { sharedRegistry, withoutRegistry } from "../../../kafka/registry.ts";
import { registryContract } from "./contract.ts";

registryContract({ name: "Apicurio", skip: withoutRegistry(), url: sharedRegistry });
