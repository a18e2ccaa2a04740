import VisionSystem
import VisionTensor

/// A lock between processes, held as long as this object exists; the system releases it when a process ends.
final class FileLock: Sendable {
  private let descriptor: Int32
  /// False on file systems without locks, where only renaming protects the files.
  let isHeld: Bool

  /// Waits for the lock; `waiting` is called once if another process holds it.
  ///
  /// - Throws: `notWritable`, `noSpace` or `io` when the file cannot be made, `interrupted` when the task is cancelled.
  convenience init(_ path: String, waiting: () -> Void) throws(StoreError) {
    // Not inherited by pip, which would keep the lock if this process were killed.
    try self.init(
      open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666), path, isCancelled: { false }, waiting)
  }

  /// Locks a folder itself, so that no lock file is needed.
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
