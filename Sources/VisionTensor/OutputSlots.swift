/// The outputs of one sample, by their positions in the list of what was asked for; lent for one call.
public struct OutputSlots: ~Copyable {
  /// One output of a run on several samples.
  package struct Part {
    package let base: UnsafeRawPointer
    package let type: ElementType
    /// The extents for one sample, without N.
    package let shape: Shape

    /// - Parameter base: of the first sample; the others follow.
    package init(_ base: UnsafeRawPointer, _ type: ElementType, _ shape: Shape) {
      (self.base, self.type, self.shape) = (base, type, shape)
    }
  }

  private let parts: [Part]
  private let row: Int

  package init(_ parts: [Part], row: Int) { (self.parts, self.row) = (parts, row) }

  /// How many outputs there are.
  public var count: Int { parts.count }

  /// The extents of output `index` for one sample, without N.
  public func shape(_ index: Int) -> Shape { parts[index].shape }

  /// The numbers of output `index`, in the order of its extents.
  ///
  /// Precondition: it is float32.
  public func floats(_ index: Int) -> UnsafeBufferPointer<Float> {
    precondition(parts[index].type == .float32, "output \(index) is \(parts[index].type)")
    return bytes(index).bindMemory(to: Float.self)
  }

  /// The numbers of output `index`.
  ///
  /// Precondition: it is int64.
  public func integers(_ index: Int) -> UnsafeBufferPointer<Int64> {
    precondition(parts[index].type == .int64, "output \(index) is \(parts[index].type)")
    return bytes(index).bindMemory(to: Int64.self)
  }

  /// The memory of output `index`, whatever its type.
  public func bytes(_ index: Int) -> UnsafeRawBufferPointer {
    let part = parts[index]
    let count = part.shape.elementCount * part.type.byteCount
    return UnsafeRawBufferPointer(start: part.base + row * count, count: count)
  }
}
