/** What takes the return values of a function. */
interface Output<V> {
  emit(value: V | undefined): void;
  emitAll(values: Iterable<V>): void;
  emitEach(values: AsyncIterable<V>): Promise<void>;
}

/** Gives each value to the output that it is for. */
export function either<All, V extends All>(
  output: Output<V>,
  isItsOwn: (value: All) => value is V,
  other: Output<Exclude<All, V>>,
): Output<All> {
  const emit = (value: All): void => {
    if (isItsOwn(value)) output.emit(value);
    else other.emit(value as Exclude<All, V>);
  };
  return {
    emit(value) {
      if (value !== undefined) emit(value);
    },
    emitAll(values) {
      for (const value of values) emit(value);
    },
    async emitEach(values) {
      for await (const value of values) emit(value);
    },
  };
}
