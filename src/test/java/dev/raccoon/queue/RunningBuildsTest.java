package dev.raccoon.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.value.BuildId;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RunningBuildsTest {
  private final RunningBuilds running = new RunningBuilds();
  private final Lease lease = new Lease(new BuildId(UUID.randomUUID()), UUID.randomUUID());

  @BeforeEach
  void runOneHere() {
    running.add(lease);
    running.runsHere(lease);
  }

  @AfterEach
  void forgetTheInterrupt() {
    running.remove(lease);
  }

  @Test
  void aBuildWhoseLeaseIsGoneTwiceIsInterrupted() {
    beat(false);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    beat(false);
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
  }

  /** To remove what a build made may take longer than any number of heartbeats. */
  @Test
  void aBuildThatHasEndedIsNotInterruptedWhileItIsRemoved() {
    beat(true);
    beat(true);
    beat(true);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void aBuildThatIsCancelledIsInterruptedOnce() {
    running.interrupt(List.of(lease.token()));
    assertThat(Thread.interrupted()).isTrue();
    running.interrupt(List.of(lease.token()));
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void oneThatIsCancelledBeforeItHasAThreadIsInterruptedWhenItBegins() {
    Lease early = new Lease(new BuildId(UUID.randomUUID()), UUID.randomUUID());
    running.add(early);
    running.interrupt(List.of(early.token()));
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    running.runsHere(early);
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    running.remove(early);
  }

  private void beat(boolean hasEnded) {
    running.interruptLost(List.of(lease.token()), List.of(), id -> hasEnded);
  }
}
