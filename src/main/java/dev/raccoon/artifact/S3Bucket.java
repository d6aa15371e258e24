package dev.raccoon.artifact;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Single requests to a bucket, below a prefix: what is expected is an answer, and all else a {@link
 * StoreAwayException}. Thread-safe.
 */
final class S3Bucket {
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int PRECONDITION_FAILED = 412;

  private final S3Client client;
  private final String name;
  private final String prefix;

  S3Bucket(S3Client client, String name, String prefix) {
    this.client = client;
    this.name = name;
    this.prefix = prefix;
  }

  S3Client client() {
    return client;
  }

  String name() {
    return name;
  }

  /** The whole key of what {@code key} names here. */
  String key(String key) {
    return prefix + key;
  }

  /** An object's state: what changes when its bytes do. */
  record State(String etag, long sizeBytes, Instant modified) {}

  /** An object that is being read; whoever reads closes the bytes. */
  record Reading(State state, InputStream bytes) {}

  Optional<State> head(String key) throws IOException {
    return expecting(
        NOT_FOUND,
        () -> {
          HeadObjectResponse head = client.headObject(r -> r.bucket(name).key(key(key)));
          return new State(head.eTag(), head.contentLength(), head.lastModified());
        });
  }

  /** Reads an object; a bucket that is missing is trouble, and no missing object. */
  Optional<Reading> get(String key) throws IOException {
    Optional<ResponseInputStream<GetObjectResponse>> found;
    try {
      found = Optional.of(client.getObject(r -> r.bucket(name).key(key(key))));
    } catch (S3Exception e) {
      if (!"NoSuchKey".equals(e.awsErrorDetails().errorCode())) {
        throw trouble(e);
      }
      found = Optional.empty();
    } catch (SdkException e) {
      throw trouble(e);
    }
    return found.map(in -> {
      GetObjectResponse head = in.response();
      State state = new State(head.eTag(), head.contentLength(), head.lastModified());
      return new Reading(state, new Remote(in));
    });
  }

  /** Puts a file of at most one part, in place of whatever is there. */
  void put(String key, Path file, String sha256) throws IOException {
    var _ =
        calling(() ->
            client.putObject(
                r -> r.bucket(name).key(key(key)).checksumSHA256(sha256),
                RequestBody.fromFile(file)));
  }

  /** The same where nothing is there; answers whether it was so. */
  boolean putIfAbsent(String key, Path file, String sha256) throws IOException {
    return ifAbsent(() ->
        client.putObject(
            r -> r.bucket(name).key(key(key)).checksumSHA256(sha256).ifNoneMatch("*"),
            RequestBody.fromFile(file)));
  }

  void putBytes(String key, byte[] bytes) throws IOException {
    var _ =
        calling(() ->
            client.putObject(r -> r.bucket(name).key(key(key)), RequestBody.fromBytes(bytes)));
  }

  void copy(String from, String to) throws IOException {
    var _ =
        calling(() ->
            client.copyObject(r ->
                r.sourceBucket(name)
                    .sourceKey(key(from))
                    .destinationBucket(name)
                    .destinationKey(key(to))));
  }

  /** Removes an object, or gives up after {@code patience}. */
  void delete(String key, Duration patience) throws IOException {
    var _ =
        calling(() ->
            client.deleteObject(r ->
                r.bucket(name)
                    .key(key(key))
                    .overrideConfiguration(c -> c.apiCallTimeout(patience))));
  }

  /** The first {@code most} objects below {@code folder} whose keys come behind {@code after}. */
  List<S3Object> list(String folder, String after, int most) throws IOException {
    return calling(() ->
            client.listObjectsV2(
                r -> r.bucket(name).prefix(key(folder)).startAfter(key(after)).maxKeys(most)))
        .contents();
  }

  /** Whether {@code put} found nothing; S3 also answers so while another puts the same key. */
  boolean ifAbsent(Supplier<?> put) throws IOException {
    try {
      var _ = put.get();
      return true;
    } catch (S3Exception e) {
      if (e.statusCode() == PRECONDITION_FAILED || e.statusCode() == CONFLICT) {
        return false;
      }
      throw trouble(e);
    } catch (SdkException e) {
      throw trouble(e);
    }
  }

  private static <T> Optional<T> expecting(int status, Supplier<T> call) throws IOException {
    try {
      return Optional.of(call.get());
    } catch (S3Exception e) {
      if (e.statusCode() == status) {
        return Optional.empty();
      }
      throw trouble(e);
    } catch (SdkException e) {
      throw trouble(e);
    }
  }

  static <T> T calling(Supplier<T> call) throws IOException {
    try {
      return call.get();
    } catch (SdkException e) {
      throw trouble(e);
    }
  }

  /** An interrupted thread is told so by an exception of the library's own. */
  static IOException trouble(SdkException e) {
    if (e instanceof AbortedException || Thread.currentThread().isInterrupted()) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("interrupted");
      interrupted.initCause(e);
      return interrupted;
    }
    return new StoreAwayException("The object store does not work: " + e.getMessage(), e);
  }

  /** Tells what goes wrong over there from what goes wrong here. */
  private static final class Remote extends FilterInputStream {
    Remote(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      try {
        return in.read(into, offset, length);
      } catch (SdkException e) {
        throw trouble(e);
      } catch (IOException e) {
        throw new StoreAwayException("The object store broke off: " + e.getMessage(), e);
      }
    }
  }
}
