import VisionSystem

/// Memory that an `InputWriter` keeps from one subject to the next, such as buffers to resize images in.
///
/// It is used by one thread at a time, and freed with the memory of the network that reads the subjects.
// Checked by hand: a session lends each of its threads a separate one, and is itself used by one call at a
// time.
public final class InputScratch: @unchecked Sendable {
  private var memory: AnyObject?
  private var count: () -> Int = { 0 }

  public init() {}

  /// The memory that is kept. If there is none yet, or it has another type, `make` makes it.
  ///
  /// - Parameter byteCount: returns the size of the memory in bytes.
  public func kept<Memory: AnyObject>(
    _ make: () -> Memory, byteCount: @escaping (Memory) -> Int
  ) -> Memory {
    if let memory = memory as? Memory { return memory }
    let made = make()
    memory = made
    count = { byteCount(made) }
    return made
  }

  /// The size in bytes of the memory that is kept.
  package var byteCount: Int { count() }
}
