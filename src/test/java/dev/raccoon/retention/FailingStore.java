package dev.raccoon.retention;

import dev.raccoon.artifact.ArtifactStore;
import dev.raccoon.artifact.Blob;
import dev.raccoon.artifact.Stored;
import dev.raccoon.value.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A store at which something happens before or after each removal. */
public class FailingStore implements ArtifactStore {
  private final ArtifactStore store;

  /** In the place of {@code store}. */
  public FailingStore(ArtifactStore store) {
    this.store = store;
  }

  void before(Sha256 digest) throws IOException {}

  void after(Sha256 digest) throws IOException {}

  @Override
  public final boolean remove(Sha256 digest, Instant putBefore) throws IOException {
    before(digest);
    boolean removed = store.remove(digest, putBefore);
    after(digest);
    return removed;
  }

  @Override
  public Stored put(InputStream bytes) throws IOException {
    return store.put(bytes);
  }

  @Override
  public Optional<Blob> open(Sha256 digest) throws IOException {
    return store.open(digest);
  }

  @Override
  public OptionalLong size(Sha256 digest) throws IOException {
    return store.size(digest);
  }

  @Override
  public void check() throws IOException {
    store.check();
  }

  @Override
  public Condition verify(Sha256 digest) throws IOException {
    return store.verify(digest);
  }

  @Override
  public List<Kept> list(Optional<Sha256> after, int most) throws IOException {
    return store.list(after, most);
  }
}
