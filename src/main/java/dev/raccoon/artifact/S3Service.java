package dev.raccoon.artifact;

import dev.raccoon.config.ArtifactPlace;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * How an object store is spoken to: with the credentials that the library finds by itself (the
 * environment's {@code AWS_ACCESS_KEY_ID} and so on), three tries of each request, and limits of
 * time.
 */
record S3Service(S3Client client, S3Presigner presigner) implements AutoCloseable {
  /** One request with all its tries; a part of a large file is one. */
  static final Duration CALL = Duration.ofMinutes(5);

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration SILENCE = Duration.ofSeconds(30);
  private static final Duration ADDRESS_HOLDS = Duration.ofMinutes(15);

  /** Stores of one's own have no regions, but requests are signed for one. */
  private static final String ANY_REGION = "us-east-1";

  static S3Service open(ArtifactPlace.Service service) {
    @Nullable URI endpoint = service.endpoint().orElse(null);
    @Nullable Region region =
        service
            .region()
            .or(() -> service.endpoint().map(_ -> ANY_REGION))
            .map(Region::of)
            .orElse(null);
    DefaultCredentialsProvider credentials = DefaultCredentialsProvider.builder().build();
    boolean pathStyle = endpoint != null;
    S3Client client =
        S3Client.builder()
            .httpClientBuilder(
                UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(SILENCE))
            .overrideConfiguration(c -> c.apiCallTimeout(CALL).retryStrategy(RetryMode.STANDARD))
            // Every request that matters carries its SHA-256.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .credentialsProvider(credentials)
            .region(region)
            .endpointOverride(endpoint)
            .forcePathStyle(pathStyle)
            .build();
    S3Presigner presigner =
        S3Presigner.builder()
            .credentialsProvider(credentials)
            .region(region)
            .endpointOverride(endpoint)
            .serviceConfiguration(
                S3Configuration.builder().pathStyleAccessEnabled(pathStyle).build())
            .build();
    return new S3Service(client, presigner);
  }

  /** An address at which anybody can fetch an object for a while. */
  URI presign(String bucket, String key, ArtifactStore.Download download)
      throws StoreAwayException {
    try {
      return URI.create(
          download.method().equals("HEAD")
              ? presigner
                  .presignHeadObject(p ->
                      p.signatureDuration(ADDRESS_HOLDS)
                          .headObjectRequest(r ->
                              r.bucket(bucket)
                                  .key(key)
                                  .responseContentType(download.contentType())))
                  .url()
                  .toString()
              : presigner
                  .presignGetObject(p ->
                      p.signatureDuration(ADDRESS_HOLDS)
                          .getObjectRequest(r ->
                              r.bucket(bucket)
                                  .key(key)
                                  .responseCacheControl("private, no-store")
                                  .responseContentType(download.contentType())
                                  .responseContentDisposition(download.contentDisposition())))
                  .url()
                  .toString());
    } catch (SdkException e) {
      throw new StoreAwayException("No address can be made: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    presigner.close();
    client.close();
  }
}
