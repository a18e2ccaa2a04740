import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// Strided copies from operands to outputs: transposition, slices, padding, concatenation, expansion.
struct CopyKernel: Kernel {
  /// One block that is copied; offsets and strides in elements.
  struct Part: Sendable {
    /// Positions among the step's pointers.
    var source: Int
    var target: Int
    var dimensions: [Int64]
    var sourceOffset: Int
    var sourceStrides: [Int64]
    var targetOffset: Int
    var targetStrides: [Int64]

    /// Axes are given in the target's memory order, outermost first.
    init(
      source: Int, target: Int, dimensions: [Int], sourceOffset: Int = 0, sourceStrides: [Int],
      targetOffset: Int = 0, targetStrides: [Int]
    ) {
      self.source = source
      self.target = target
      self.sourceOffset = sourceOffset
      self.targetOffset = targetOffset
      let (extents, strides) = Strides.collapsed(dimensions, [sourceStrides, targetStrides])
      self.dimensions = extents.map(Int64.init)
      self.sourceStrides = strides[0].map(Int64.init)
      self.targetStrides = strides[1].map(Int64.init)
    }
  }

  private let parts: [Part]
  private let elementBytes: Int
  /// The element that fills the first output before parts are copied, and how many.
  private let fill: (elements: Int, pattern: UInt64)?
  private let firstOutput: Int

  init(
    _ parts: [Part], type: ElementType, fill: (elements: Int, pattern: UInt64)? = nil, firstOutput: Int = 1
  ) {
    // Empty parts are removed here, not in each run.
    self.parts = parts.filter { !$0.dimensions.contains(0) }
    self.elementBytes = type.byteCount
    self.fill = fill
    self.firstOutput = firstOutput
  }

  /// A plain copy.
  init(dense fact: Fact) {
    let count = fact.shape.elementCount
    self.init(
      [Part(source: 0, target: 1, dimensions: [count], sourceStrides: [1], targetStrides: [1])],
      type: fact.type)
  }

  /// A plain copy of `count` floats.
  init(floats count: Int) {
    self.init(
      [Part(source: 0, target: 1, dimensions: [count], sourceStrides: [1], targetStrides: [1])],
      type: .float32)
  }

  /// Repeats `shape` to fill `target`, both row-major.
  static func broadcast(_ shape: Shape, to target: Shape, operand: Int, output: Int, type: ElementType)
    -> CopyKernel
  {
    CopyKernel(
      [
        Part(
          source: operand, target: output, dimensions: target.dimensions,
          sourceStrides: Strides.broadcast(shape, .rowMajor, to: target), targetStrides: target.strides)
      ], type: type)
  }

  func run(_ context: borrowing KernelContext) {
    if let fill { Self.fill(context.pointers[firstOutput], fill.elements, fill.pattern, elementBytes) }
    // By index, since without optimization an iterator would allocate.
    for index in parts.indices {
      let part = parts[index]
      vn_copy_strided(
        Int32(part.dimensions.count), part.dimensions,
        context.pointers[part.source] + part.sourceOffset * elementBytes, part.sourceStrides,
        context.pointers[part.target] + part.targetOffset * elementBytes, part.targetStrides, elementBytes,
        context.pool)
    }
  }

  /// Runs the only part on other memory than a step's.
  func copy(from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, _ pool: OpaquePointer?) {
    for index in parts.indices {
      let part = parts[index]
      vn_copy_strided(
        Int32(part.dimensions.count), part.dimensions, source + part.sourceOffset * elementBytes,
        part.sourceStrides, target + part.targetOffset * elementBytes, part.targetStrides, elementBytes, pool)
    }
  }

  private static func fill(_ target: UnsafeMutableRawPointer, _ count: Int, _ pattern: UInt64, _ size: Int) {
    switch size {
    case 1:
      target.initializeMemory(as: UInt8.self, repeating: UInt8(truncatingIfNeeded: pattern), count: count)
    case 2:
      target.initializeMemory(as: UInt16.self, repeating: UInt16(truncatingIfNeeded: pattern), count: count)
    case 4:
      target.initializeMemory(as: UInt32.self, repeating: UInt32(truncatingIfNeeded: pattern), count: count)
    default: target.initializeMemory(as: UInt64.self, repeating: pattern, count: count)
    }
  }
}
