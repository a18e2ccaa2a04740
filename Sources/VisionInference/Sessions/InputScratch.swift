import VisionSystem

/// What an `InputWriter` keeps between one subject and the next, such as memory to resize images in.
///
/// One thread at a time uses it; it is freed with the memory of the network that the subjects are for.
// Checked by hand: a session lends each of its threads one of its own, and is itself used by one call at a time.
public final class InputScratch: @unchecked Sendable {
  private var memory: AnyObject?
  private var count: () -> Int = { 0 }

  public init() {}

  /// What is kept; at first, or where something else was, what `make` makes.
  ///
  /// - Parameter byteCount: how much that takes.
  public func kept<Memory: AnyObject>(
    _ make: () -> Memory, byteCount: @escaping (Memory) -> Int
  ) -> Memory {
    if let memory = memory as? Memory { return memory }
    let made = make()
    memory = made
    count = { byteCount(made) }
    return made
  }

  /// The bytes that are kept.
  package var byteCount: Int { count() }
}
