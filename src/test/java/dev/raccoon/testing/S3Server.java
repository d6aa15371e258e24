package dev.raccoon.testing;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/**
 * A server that speaks S3, in this process, whose objects are files of a folder: {@code
 * BUCKET/KEY}. Signatures are checked. It has the bucket {@code raccoon}.
 */
public final class S3Server implements AutoCloseable {
  public static final String BUCKET = "raccoon";

  /** As the environment of a process names what it signs with. */
  public static final Map<String, String> CREDENTIALS =
      Map.of("AWS_ACCESS_KEY_ID", "raccoon", "AWS_SECRET_ACCESS_KEY", "the-secret-of-the-bucket");

  static {
    // What the library's own chain finds in this process.
    System.setProperty("aws.accessKeyId", CREDENTIALS.get("AWS_ACCESS_KEY_ID"));
    System.setProperty("aws.secretAccessKey", CREDENTIALS.get("AWS_SECRET_ACCESS_KEY"));
  }

  private final Path folder;
  private final BlobStore store;
  private S3Proxy proxy;
  private int port;

  private S3Server(Path folder, BlobStore store) {
    this.folder = folder;
    this.store = store;
    this.proxy = started();
  }

  /** One whose files lie in {@code folder}. */
  public static S3Server start(Path folder) throws IOException {
    return start(folder, files(folder));
  }

  /** The same, which does what it is asked by {@code store}. */
  public static S3Server start(Path folder, BlobStore store) {
    if (!Files.isDirectory(folder.resolve(BUCKET))) {
      store.createContainer(BUCKET);
    }
    return new S3Server(folder, store);
  }

  /** What keeps objects in {@code folder}. */
  public static BlobStore files(Path folder) throws IOException {
    return new FilesystemNio2BlobStore(Files.createDirectories(folder).toString());
  }

  private S3Proxy started() {
    try {
      S3Proxy made =
          S3Proxy.builder()
              .blobStore(store)
              .endpoint(URI.create("http://127.0.0.1:" + port))
              .awsAuthentication(
                  AuthenticationType.AWS_V4,
                  CREDENTIALS.get("AWS_ACCESS_KEY_ID"),
                  CREDENTIALS.get("AWS_SECRET_ACCESS_KEY"))
              .build();
      made.start();
      port = made.getPort();
      return made;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** From now on nobody listens there. */
  public void stop() {
    try {
      proxy.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** It is back, at the same address and with all it had. */
  public void startAgain() {
    proxy = started();
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** The settings of a server that keeps its artifacts here, below {@code prefix}. */
  public Map<String, String> settings(String prefix) {
    return Map.of(
        "RACCOON_ARTIFACTS",
        "s3://" + BUCKET + "/" + prefix,
        "RACCOON_S3_ENDPOINT",
        endpoint().toString());
  }

  /** The file of an object. */
  public Path object(String key) {
    return folder.resolve(BUCKET).resolve(key);
  }

  @Override
  public void close() {
    stop();
  }
}
