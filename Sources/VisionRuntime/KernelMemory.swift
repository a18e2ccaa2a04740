/// The numbers of a node's inputs and outputs during one run.
public struct KernelMemory: ~Copyable {
  /// The inputs that are present, then the outputs.
  let pointers: UnsafePointer<UnsafeMutableRawPointer>
  let kernel: OwnKernel

  /// The elements of an input; none where it is absent.
  public func input(_ index: Int) -> UnsafeBufferPointer<Float> {
    let (position, count) = kernel.inputs[index]
    return UnsafeBufferPointer(
      start: count == 0 ? nil : pointers[position].assumingMemoryBound(to: Float.self), count: count)
  }

  /// The elements of an output; their values are undefined until they are written.
  public func output(_ index: Int) -> UnsafeMutableBufferPointer<Float> {
    let (position, count) = kernel.outputs[index]
    return UnsafeMutableBufferPointer(
      start: pointers[position].assumingMemoryBound(to: Float.self), count: count)
  }
}
