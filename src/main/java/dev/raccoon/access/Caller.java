package dev.raccoon.access;

import dev.raccoon.value.Namespaces;

/** Who sent a request. */
public sealed interface Caller {
  /** Somebody without a token. */
  Caller ANONYMOUS = new Anonymous();

  /** Nobody known: what is open to all is open to them. */
  record Anonymous() implements Caller {
    @Override
    public boolean may(Scope scope, String namespace) {
      return false;
    }

    @Override
    public boolean administersAll() {
      return false;
    }

    @Override
    public Namespaces readable() {
      return Namespaces.NONE;
    }
  }

  /** The holder of a token that counts now. */
  record Holder(Token token) implements Caller {
    @Override
    public boolean may(Scope scope, String namespace) {
      return token.may(scope, namespace);
    }

    @Override
    public boolean administersAll() {
      return token.terms().scope().includes(Scope.ADMINISTER) && token.terms().namespaces().all();
    }

    @Override
    public Namespaces readable() {
      // Each scope includes reading.
      return token.terms().namespaces();
    }
  }

  /** Whether they hold a token for {@code scope} in {@code namespace}. */
  boolean may(Scope scope, String namespace);

  /** Whether they may do all that the operator's own command line may. */
  boolean administersAll();

  /** The private namespaces that they may see. */
  Namespaces readable();
}
