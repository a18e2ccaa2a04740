import VisionTensor

/// Takes taps from the ends of a convolution's kernel that read nothing but padding, at every position of its result.
///
/// Kernels with wide gaps have such taps on small images: one of 3 × 3 with 24 elements from tap to tap is, on an image of 20 × 20,
/// one of 1 × 1.
package struct DeadTapRemoval: Pass {
  package init() {}

  package func run(_ graph: Graph) throws(GraphError) -> Graph {
    let rewritten = try GraphRewriter.rewrite(graph) { (node, rewriter) throws(GraphError) in
      guard var fused = node.operation as? FusedConv, let x = node.inputs[0], let w = node.inputs[1],
        let (window, taps) = Self.trimmed(
          fused.conv.window, input: Array(graph.fact(x).shape.dimensions.dropFirst(2)))
      else { return nil }
      let operation = KernelTaps(ranges: taps)
      // The same name always means the same weights, since they are kept by it for shapes of other sizes.
      let name =
        "\(node.name).taps \(taps.map { "\($0.lowerBound)..<\($0.upperBound)" }.joined(separator: "×"))"
      var inputs = node.inputs.map { $0.map { rewriter.mapped($0) } }
      if graph.isFixed(w) {
        inputs[1] = try rewriter.emit(operation, [rewriter.mapped(w)], name: name)[0]
      } else if let producer = graph.producer(of: w), producer.operation is BatchNormalizedWeights,
        let weights = producer.inputs[0], graph.isFixed(weights)
      {
        // Factors of outputs are applied to what is left, so that the whole weights are never computed.
        let left = try rewriter.emit(operation, [rewriter.mapped(weights)], name: name)[0]
        let factors = producer.inputs.dropFirst().map { $0.map { rewriter.mapped($0) } }
        inputs[1] = try rewriter.emit(producer.operation, [left] + factors, name: "\(name).folded")[0]
      } else {
        return nil
      }
      fused.conv.window = window
      return try rewriter.emit(fused, inputs, name: node.name)
    }
    return try DeadNodeRemoval().run(rewritten)
  }

  /// The window without such taps, and the taps that remain; nil if all do, or if the rest is no window.
  static func trimmed(_ window: Window, input: [Int]) -> (window: Window, taps: [Range<Int>])? {
    // With other padding the taps that remain would not follow from their number.
    guard case .explicit = window.padding, let resolved = try? window.resolved(input) else { return nil }
    var (result, taps, padding) = (window, [Range<Int>](), (before: [Int](), after: [Int]()))
    for axis in window.kernel.indices {
      let (gap, stride) = (window.dilations[axis], window.strides[axis])
      let last = (resolved.output[axis] - 1) * stride
      // What the tap reads at the first and at the last position. Between these it may read the image only if one of
      // them does, or if both lie on different sides of it.
      let live = (0..<window.kernel[axis]).filter { tap in
        let first = tap * gap - resolved.before[axis]
        return first < input[axis] && first + last >= 0
      }
      guard let from = live.first, let to = live.last else { return nil }
      let start = min(from, resolved.before[axis] / gap)
      let before = resolved.before[axis] - start * gap
      let after = last + (to - start) * gap + 1 - input[axis] - before
      taps.append(start..<(to + 1))
      padding.before.append(before)
      padding.after.append(max(after, 0))
      result.kernel[axis] = to + 1 - start
      if result.kernel[axis] == 1 { result.dilations[axis] = 1 }
    }
    result.padding = .explicit(padding.before + padding.after)
    guard result.kernel != window.kernel, let made = try? result.resolved(input),
      made.output == resolved.output
    else { return nil }
    return (result, taps)
  }
}

extension Graph {
  /// Whether a value never changes.
  func isFixed(_ id: ValueID) -> Bool {
    switch self[id].source {
    case .parameter, .constant: true
    case .input, .node: false
    }
  }
}
