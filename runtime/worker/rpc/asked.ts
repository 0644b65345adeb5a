/** The answers that the functions of one scope wait for. */
export class Asked {
  #count = 0;
  readonly #begun: (() => void)[] = [];

  /** Whether any is waited for. */
  get isAny(): boolean {
    return this.#count > 0;
  }

  /** Resolves when one is waited for. */
  begun(): Promise<void> {
    if (this.isAny) return Promise.resolve();
    return new Promise((resolve) => this.#begun.push(resolve));
  }

  begin(): void {
    this.#count += 1;
    for (const resolve of this.#begun.splice(0)) resolve();
  }

  end(): void {
    this.#count -= 1;
  }
}
