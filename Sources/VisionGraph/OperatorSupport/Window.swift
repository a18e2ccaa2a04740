import VisionSystem
import VisionTensor

/// The geometry of the sliding window of a convolution or pooling, for any number of spatial axes.
public struct Window: Sendable, Hashable {
  /// The window's extent along each spatial axis.
  public var kernel: [Int]
  /// Elements from one position to the next.
  public var strides: [Int]
  /// Elements from one tap to the next.
  public var dilations: [Int]
  /// The padding before and after each axis.
  public var padding: Padding

  /// How the borders are padded.
  public enum Padding: Sendable, Hashable {
    case explicit([Int])
    /// The total that makes output = ceil(input / stride); an odd element goes after the end.
    case sameUpper
    /// Like `sameUpper`, but an odd element goes before the start.
    case sameLower
  }

  public init(kernel: [Int], strides: [Int]? = nil, dilations: [Int]? = nil, padding: Padding? = nil) {
    self.kernel = kernel
    self.strides = strides ?? kernel.map { _ in 1 }
    self.dilations = dilations ?? kernel.map { _ in 1 }
    self.padding = padding ?? .explicit(kernel.flatMap { _ in [0, 0] })
  }

  /// The window resolved for the spatial extents of one input.
  public struct Resolved: Sendable, Hashable {
    public var output: [Int]
    public var before: [Int]
    public var after: [Int]
  }

  /// Output extents and padding for an input with the spatial extents `input`.
  ///
  /// - Parameter ceiling: whether output extents are rounded up, as with pooling's `ceil_mode`; a last window
  ///   that would start in the padding after the input is omitted.
  public func resolved(_ input: [Int], ceiling: Bool = false) throws(ShapeError) -> Resolved {
    let rank = kernel.count
    guard input.count == rank, strides.count == rank, dilations.count == rank else {
      throw ShapeError("a window of \(rank) axes does not fit \(input.count) spatial axes")
    }
    let limit = 1 << 31
    for list in [kernel, strides, dilations] {
      guard list.allSatisfy({ $0 > 0 && $0 < limit }) else {
        throw ShapeError("kernel \(kernel), strides \(strides) and dilations \(dilations) must be positive")
      }
    }
    var result = Resolved(output: [], before: [], after: [])
    for axis in 0..<rank {
      let extent = (kernel[axis] - 1) * dilations[axis] + 1
      var before = 0
      var after = 0
      switch padding {
      case .explicit(let pads):
        guard pads.count == 2 * rank, pads.allSatisfy({ $0 >= 0 && $0 < limit }) else {
          throw ShapeError("padding \(pads) must be \(2 * rank) numbers from 0 on")
        }
        before = pads[axis]
        after = pads[axis + rank]
      case .sameUpper, .sameLower:
        let wanted = (input[axis] + strides[axis] - 1) / strides[axis]
        let total = max((wanted - 1) * strides[axis] + extent - input[axis], 0)
        before = padding == .sameUpper ? total / 2 : total - total / 2
        after = total - before
      }
      let room = input[axis] + before + after - extent
      guard room >= 0 else {
        throw ShapeError(
          "a window of \(extent) does not fit into \(input[axis]) with padding \(before) and \(after)")
      }
      var output = room / strides[axis] + 1
      if ceiling, room % strides[axis] != 0, output * strides[axis] < input[axis] + before { output += 1 }
      result.output.append(output)
      result.before.append(before)
      result.after.append(after)
    }
    return result
  }

  /// The attributes `kernel_shape`, `strides`, `dilations`, `pads` or `auto_pad`.
  package var attributes: Attributes {
    var attributes: Attributes = [
      "kernel_shape": .ints(kernel), "strides": .ints(strides), "dilations": .ints(dilations),
    ]
    switch padding {
    case .explicit(let pads): attributes["pads"] = .ints(pads)
    case .sameUpper: attributes["auto_pad"] = .string("SAME_UPPER")
    case .sameLower: attributes["auto_pad"] = .string("SAME_LOWER")
    }
    return attributes
  }

  /// The window that an ONNX node describes; `fallback` is the kernel if the node has no `kernel_shape`.
  package init(_ node: ImportedNode, kernel fallback: [Int]?) throws(GraphError) {
    guard let kernel = try node.ints("kernel_shape") ?? fallback else {
      throw GraphError(.structure, "\(node.operatorName) lacks kernel_shape", place: node.name)
    }
    self.init(kernel: kernel, strides: try node.ints("strides"), dilations: try node.ints("dilations"))
    switch try node.string("auto_pad") ?? "NOTSET" {
    case "NOTSET", "":
      if let pads = try node.ints("pads") { padding = .explicit(pads) }
    case "VALID": break
    case "SAME_UPPER": padding = .sameUpper
    case "SAME_LOWER": padding = .sameLower
    case let other: throw node.unsupported("auto_pad '\(other)'")
    }
  }
}
