import Synchronization
import VisionNet
import VisionSystem

/// The interrupt key: the first press asks for an orderly end, a second one ends at once.
enum Interrupt {
  private static let pressed = Atomic(false)

  static func watch() {
    signal(SIGINT) { _ in
      Interrupt.pressed.store(true, ordering: .relaxed)
      signal(SIGINT, SIG_DFL)
    }
    // Whoever started the process may have blocked the signal, and that is inherited.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  static var isPressed: Bool { pressed.load(ordering: .relaxed) }
}
