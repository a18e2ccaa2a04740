extension ImageClassifier {
  /// The most bytes of memory for runs to keep between calls, besides the memory that was used last; by
  /// default 32 MiB.
  ///
  /// A run needs memory for the network's activations and for preparing images, which depends on the batch
  /// size. It is kept between calls, so that the next call with that batch size need not allocate it again.
  /// The memory that was used last is kept whatever its size; of the rest, the least recently used is freed
  /// first. Running calls take the memory that they need, whatever the limit. With 0 nothing is kept: each
  /// call allocates and frees its memory.
  public var idleMemoryLimit: Int {
    get { idle.limit }
    set { idle.limit = newValue }
  }

  /// Bytes of memory for runs that are currently kept between calls.
  public var idleMemory: Int { idle.byteCount }

  /// Frees the memory that is kept between calls, for example when an app goes to the background. Running
  /// calls keep their memory, and the model and its packed weights stay; the next call allocates memory
  /// again.
  public func releaseMemory() { idle.removeAll() }
}
