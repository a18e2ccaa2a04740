import VisionSystem
import VisionTensor

/// A lock between processes, held for as long as this object lives; the system lets go of it when a process dies.
final class FileLock: Sendable {
  private let descriptor: Int32
  /// False on file systems without locks, where only renaming keeps files whole.
  let isHeld: Bool

  /// Waits for the lock; `waiting` is called once when somebody else has it.
  ///
  /// - Throws: `notWritable`, `noSpace` or `io` when the file cannot be made, `interrupted` when the task is cancelled.
  convenience init(_ path: String, waiting: () -> Void) throws(StoreError) {
    // Not inherited by pip, which would go on holding the lock if this process were killed.
    try self.init(
      open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666), path, isCancelled: { false }, waiting)
  }

  /// A lock on a folder itself, so that nothing lies about in it.
  convenience init(folder: String, isCancelled: () -> Bool, waiting: () -> Void) throws(StoreError) {
    try self.init(open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), folder, isCancelled: isCancelled, waiting)
  }

  private init(_ file: Int32, _ path: String, isCancelled: () -> Bool, _ waiting: () -> Void)
    throws(StoreError)
  {
    descriptor = file
    guard descriptor >= 0 else { throw CacheFolder.failure(errno, path) }
    var hasWaited = false
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let number = errno
      if number == EINTR { continue }
      guard number == EWOULDBLOCK else {
        isHeld = false
        return
      }
      if !hasWaited {
        hasWaited = true
        waiting()
      }
      if Task.isCancelled || isCancelled() {
        close(descriptor)
        throw StoreError(.interrupted, "cancelled while another process pulls it", place: path)
      }
      usleep(50_000)
    }
    isHeld = true
  }

  deinit { close(descriptor) }
}
