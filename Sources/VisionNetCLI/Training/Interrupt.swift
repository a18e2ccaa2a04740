import Synchronization
import VisionNet
import VisionSystem

/// The interrupt key: the first press requests an orderly end, the second ends the process immediately.
enum Interrupt {
  private static let pressed = Atomic(false)

  static func watch() {
    signal(SIGINT) { _ in
      Interrupt.pressed.store(true, ordering: .relaxed)
      signal(SIGINT, SIG_DFL)
    }
    // A process inherits blocked signals from its parent.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  static var isPressed: Bool { pressed.load(ordering: .relaxed) }
}
