import VisionSystem

/// An immutable n-dimensional array, row-major and contiguous.
///
/// Copies of a tensor share its storage. Tensors read from a file may be ranges of the mapped file.
public struct Tensor: Sendable {
  /// The type of every element.
  public let elementType: ElementType
  /// The extents, outermost first.
  public let shape: Shape
  package let storage: TensorStorage
  package let byteOffset: Int

  /// A view of `storage` that begins at `byteOffset`.
  ///
  /// Precondition: the range lies inside the storage. File readers check this before the call.
  package init(elementType: ElementType, shape: Shape, storage: TensorStorage, byteOffset: Int = 0) {
    precondition(
      byteOffset >= 0 && byteOffset + shape.elementCount * elementType.byteCount <= storage.byteCount)
    self.elementType = elementType
    self.shape = shape
    self.storage = storage
    self.byteOffset = byteOffset
  }

  /// A tensor whose bytes are set to zero and then filled by `initialize`.
  public init(
    elementType: ElementType, shape: Shape,
    initializingWith initialize: (UnsafeMutableRawBufferPointer) throws -> Void
  ) rethrows {
    let storage = try TensorStorage(
      byteCount: shape.elementCount * elementType.byteCount, initializingWith: initialize)
    self.init(elementType: elementType, shape: shape, storage: storage)
  }

  /// A tensor of `values`, innermost axis fastest. Without a shape it has one axis.
  ///
  /// Precondition: `values.count` is the number of elements of `shape`.
  public init<Element: TensorElement>(_ values: [Element], shape: Shape? = nil) {
    let shape = shape ?? [values.count]
    precondition(values.count == shape.elementCount, "\(values.count) values for shape \(shape)")
    self.init(elementType: Element.elementType, shape: shape) { bytes in
      values.withUnsafeBytes { bytes.copyMemory(from: $0) }
    }
  }

  /// A scalar: a tensor without axes.
  public init<Element: TensorElement>(scalar value: Element) { self.init([value], shape: []) }

  /// A tensor whose elements all equal `value`.
  public init<Element: TensorElement>(repeating value: Element, shape: Shape) {
    self.init([Element](repeating: value, count: shape.elementCount), shape: shape)
  }

  /// A tensor of type `elementType` from numbers, which are rounded or truncated as by `converted(to:)`.
  ///
  /// Precondition: `doubles.count` is the number of elements of `shape`.
  public init(doubles: [Double], shape: Shape, elementType: ElementType) {
    precondition(doubles.count == shape.elementCount)
    self.init(elementType: elementType, shape: shape) { bytes in
      ElementConversion.store(doubles, as: elementType, into: bytes)
    }
  }

  /// The number of elements.
  public var elementCount: Int { shape.elementCount }
  /// The size of all elements in bytes.
  public var byteCount: Int { elementCount * elementType.byteCount }

  /// Calls `body` with the bytes of the elements, row-major, in the machine's byte order.
  public func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafeRawBufferPointer(start: storage.base + byteOffset, count: byteCount))
  }

  /// The elements as Swift values, or nil when `Element` is not the tensor's element type.
  public func values<Element: TensorElement>(as type: Element.Type = Element.self) -> [Element]? {
    guard elementType == Element.elementType else { return nil }
    return [Element](unsafeUninitializedCapacity: elementCount) { buffer, count in
      withUnsafeBytes { bytes in
        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
      }
      count = elementCount
    }
  }

  /// The elements as `Double`, whatever their type; `bool` gives 0 and 1.
  public var doubles: [Double] { withUnsafeBytes { ElementConversion.loadDoubles($0, as: elementType) } }

  /// The elements as `Float`, whatever their type.
  public var floats: [Float] { values(as: Float.self) ?? doubles.map(Float.init) }

  /// The elements as integers, whatever their type; fractions are truncated, and values out of range
  /// saturate.
  public var integers: [Int] { withUnsafeBytes { ElementConversion.loadIntegers($0, as: elementType) } }

  /// The same elements converted to another type: rounded to nearest for floats, truncated and saturated for
  /// integers; floats of 8 and 4 bits saturate, and powers of two are rounded up.
  public func converted(to type: ElementType) -> Tensor {
    if type == elementType { return self }
    if !type.isFloatingPoint && !elementType.isFloatingPoint {
      let integers = self.integers
      return Tensor(elementType: type, shape: shape) { bytes in
        ElementConversion.store(integers, as: type, into: bytes)
      }
    }
    return Tensor(doubles: doubles, shape: shape, elementType: type)
  }

  /// The same elements with another shape.
  ///
  /// Precondition: `shape` has the same number of elements.
  public func reshaped(to shape: Shape) -> Tensor {
    precondition(shape.elementCount == elementCount, "\(self.shape) to \(shape)")
    return Tensor(elementType: elementType, shape: shape, storage: storage, byteOffset: byteOffset)
  }
}

extension Tensor: Hashable {
  /// Whether type, shape and bytes are equal. So equal bits of NaN are equal, and 0 differs from -0.
  public static func == (a: Tensor, b: Tensor) -> Bool {
    guard a.elementType == b.elementType, a.shape == b.shape else { return false }
    return a.withUnsafeBytes { x in b.withUnsafeBytes { y in x.elementsEqual(y) } }
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(elementType)
    hasher.combine(shape)
    withUnsafeBytes { hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: $0.prefix(256))) }
  }
}

extension Tensor: CustomStringConvertible {
  /// For example `float32 1×3×224×224`.
  public var description: String { "\(elementType.rawValue) \(shape)" }
}
