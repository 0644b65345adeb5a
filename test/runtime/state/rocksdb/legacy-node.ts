/** Whether this Node can run rocksdb 5.2.1, which ends the process of newer ones. */
export const legacyRuns: boolean = Number.parseInt(process.versions.node, 10) <= 20;
