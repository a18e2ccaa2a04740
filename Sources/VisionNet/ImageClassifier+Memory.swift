extension ImageClassifier {
  /// Bytes that memory for runs may take between calls, beside that of the run that was last; 32 MiB unless set.
  ///
  /// A run needs memory for the network's activations and for the image on its way into it, by the batch size. Between calls it
  /// is kept, that used last whatever its size, so that the next call of that batch size need not make it again; what has not
  /// been used for longest is freed first. Calls that run at the same time take what they need whatever the limit. 0 keeps
  /// nothing: each call then makes its memory and frees it.
  public var idleMemoryLimit: Int {
    get { idle.limit }
    set { idle.limit = newValue }
  }

  /// Bytes that memory for runs takes now between calls.
  public var idleMemory: Int { idle.byteCount }

  /// Frees the memory that is kept between calls, such as when an app goes to the background. Calls that are running keep theirs,
  /// and the model and its packed weights stay; the next call makes memory anew.
  public func releaseMemory() { idle.removeAll() }
}
