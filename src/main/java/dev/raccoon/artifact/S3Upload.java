package dev.raccoon.artifact;

import static java.nio.file.StandardOpenOption.READ;

import dev.raccoon.value.Sha256;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/**
 * Puts files into a bucket: whole, or in parts where they are larger than one. The object store
 * checks the digest of each request, and shows an object only when all of it is there.
 */
final class S3Upload {
  static final int PART_BYTES = 16 << 20;

  private static final Logger log = LoggerFactory.getLogger(S3Upload.class);

  private final S3Bucket bucket;

  S3Upload(S3Bucket bucket) {
    this.bucket = bucket;
  }

  /** Puts {@code file} unless something is there; answers whether nothing was. */
  boolean putIfAbsent(String key, Path file, Stored stored) throws IOException {
    return stored.sizeBytes() <= PART_BYTES
        ? bucket.putIfAbsent(key, file, base64(stored.digest()))
        : putParts(key, file, stored.sizeBytes(), true);
  }

  /** Puts {@code file} in place of whatever is there. */
  void put(String key, Path file, Stored stored) throws IOException {
    if (stored.sizeBytes() <= PART_BYTES) {
      bucket.put(key, file, base64(stored.digest()));
    } else {
      putParts(key, file, stored.sizeBytes(), false);
    }
  }

  private boolean putParts(String key, Path file, long sizeBytes, boolean ifAbsent)
      throws IOException {
    String id = begin(key);
    boolean done = false;
    try (FileChannel channel = FileChannel.open(file, READ)) {
      List<CompletedPart> parts = new ArrayList<>();
      for (long first = 0; first < sizeBytes; first += PART_BYTES) {
        long length = Math.min(PART_BYTES, sizeBytes - first);
        parts.add(part(key, id, parts.size() + 1, channel, first, length));
      }
      done = complete(key, id, parts, ifAbsent);
      return done;
    } finally {
      if (!done) {
        abort(bucket.key(key), id);
      }
    }
  }

  private String begin(String key) throws IOException {
    return S3Bucket.calling(() ->
            client()
                .createMultipartUpload(r ->
                    r.bucket(bucket.name())
                        .key(bucket.key(key))
                        .checksumAlgorithm(ChecksumAlgorithm.SHA256)))
        .uploadId();
  }

  private CompletedPart part(
      String key, String id, int number, FileChannel file, long first, long length)
      throws IOException {
    String sha256 = base64(CheckedFiles.digest(new FileSlice(file, first, length)));
    // Opened anew for each attempt.
    RequestBody bytes =
        RequestBody.fromContentProvider(
            () -> new FileSlice(file, first, length), length, "application/octet-stream");
    String etag =
        S3Bucket.calling(() ->
                client()
                    .uploadPart(
                        r ->
                            r.bucket(bucket.name())
                                .key(bucket.key(key))
                                .uploadId(id)
                                .partNumber(number)
                                .checksumSHA256(sha256),
                        bytes))
            .eTag();
    return CompletedPart.builder().partNumber(number).eTag(etag).checksumSHA256(sha256).build();
  }

  private boolean complete(String key, String id, List<CompletedPart> parts, boolean ifAbsent)
      throws IOException {
    return bucket.ifAbsent(() ->
        client()
            .completeMultipartUpload(r -> {
              r.bucket(bucket.name()).key(bucket.key(key)).uploadId(id);
              r.multipartUpload(all -> all.parts(parts));
              if (ifAbsent) {
                r.ifNoneMatch("*");
              }
            }));
  }

  private void abort(String wholeKey, String id) {
    try {
      var _ =
          S3Bucket.calling(() ->
              client()
                  .abortMultipartUpload(r -> r.bucket(bucket.name()).key(wholeKey).uploadId(id)));
    } catch (IOException e) {
      log.warn("An upload was not taken back; that is tried again in a day: {}", e.getMessage());
    }
  }

  /** Takes back the parts that processes which died have left since before {@code begun}. */
  int removeLeftovers(Instant begun) throws IOException {
    List<MultipartUpload> left =
        S3Bucket.calling(() ->
                client().listMultipartUploads(r -> r.bucket(bucket.name()).prefix(bucket.key(""))))
            .uploads()
            .stream()
            .filter(upload -> upload.initiated().isBefore(begun))
            .toList();
    left.forEach(upload -> abort(upload.key(), upload.uploadId()));
    return left.size();
  }

  private S3Client client() {
    return bucket.client();
  }

  private static String base64(Sha256 digest) {
    return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(digest.hex()));
  }
}
