package dev.raccoon.egress;

import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The certificate authorities that are trusted: those that the machine's git and curl trust, since
 * an operator adds and withdraws them there.
 */
final class Trust {
  /** Where Debian, Red Hat, SUSE, Alpine and the BSDs keep theirs. */
  private static final List<Path> OF_THE_MACHINE =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"),
          Path.of("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"),
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
          Path.of("/etc/ssl/ca-bundle.pem"),
          Path.of("/etc/ssl/cert.pem"));

  private Trust() {}

  /** Of the file that is set, else the machine's, else Java's. */
  static TrustOptions of(Optional<Path> set) throws IOException {
    Optional<Path> file =
        set.or(() -> OF_THE_MACHINE.stream().filter(Files::isReadable).findFirst());
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(file.isPresent() ? read(file.get()) : javas());
      return TrustOptions.wrap(factory.getTrustManagers()[0]);
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "The certificates in " + file.orElse(Path.of("Java")) + " cannot be read", e);
    }
  }

  private static KeyStore read(Path file) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(file)) {
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("authority-" + store.size(), each);
      }
    }
    return store;
  }

  /** What a factory takes for Java's own. */
  private static @Nullable KeyStore javas() {
    return null;
  }
}
