import type { Symbol as TypeSymbol } from "ts-morph";

/** The symbol behind an import or a re-export. */
export const through = (symbol: TypeSymbol): TypeSymbol => symbol.getAliasedSymbol() ?? symbol;
