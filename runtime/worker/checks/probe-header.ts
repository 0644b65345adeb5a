/** The header that names the probe which a record comes of. */
export const probeHeader = "sg-probe";
