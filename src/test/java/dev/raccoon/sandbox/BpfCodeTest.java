package dev.raccoon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raccoon.sandbox.BpfInterpreter.Call;
import org.junit.jupiter.api.Test;

class BpfCodeTest {
  @Test
  void aPieceOfCodeThatIsTooLongToJumpOverIsRefused() {
    BpfCode piece = new BpfCode();
    for (int i = 0; i < BpfCode.MAX_JUMP; i++) {
      piece.loadCall();
    }
    byte[] program =
        new BpfCode().loadCall().whenEqual(7, piece).answer(SeccompAnswer.ALLOWED).bytes();
    assertThat(new BpfInterpreter(program).answer(Call.of(0, 8)))
        .isEqualTo(SeccompAnswer.ALLOWED.value());

    piece.loadCall();
    assertThatThrownBy(() -> new BpfCode().whenEqual(7, piece))
        .isInstanceOf(IllegalStateException.class);
  }
}
