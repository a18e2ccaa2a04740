import CVisionKernels
import VisionGraph
import VisionTensor

/// A node that can compute parts of the normalizations next to it: a convolution by `vn_conv_run`, an input
/// gradient by `vn_conv_backward_data`, or both gradients by `vn_conv_gradients`, without a bias, an
/// activation or a residual.
struct NormalizingConvolution {
  enum Kind { case forward, inputGradient, gradients }

  private let conv: vn_conv
  let kind: Kind
  var isGradient: Bool { kind != .forward }

  init?(_ index: Int, in graph: Graph, _ machine: Machine) {
    let node = graph.nodes[index]
    let output = graph.fact(node.outputs[0])
    let inputs = graph.inputFacts(of: node)
    if let fused = node.operation as? FusedConv {
      guard machine.convolutions != .im2col, fused.activation == nil, !fused.hasResidual,
        inputs.dropFirst(2).allSatisfy({ $0 == nil }), let conv = ConvKernel.convolution(of: node, in: graph),
        !machine.prefersWinograd(
          conv, pays: vn_winograd_pays_in_training, applies: vn_winograd_applies_in_training)
      else { return nil }
      (self.conv, kind) = (conv, .forward)
    } else if let op = node.operation as? ConvGradients {
      guard let g = inputs[0]?.image, let x = output.image, output.type == .float32,
        var conv = ConvKernel.convolution(Conv(window: op.window, groups: op.groups), x, g),
        vn_conv_gradients_merge(machine.kernels, &conv)
      else { return nil }
      (self.conv, kind) = (conv, .gradients)
    } else {
      guard let op = node.operation as? ConvInputGradient, let g = inputs[0]?.image, let x = output.image,
        let w = inputs[1], w.type == .float32, w.shape.rank == 4,
        let conv = ConvKernel.convolution(Conv(window: op.window, groups: op.groups), x, g),
        !machine.prefersWinograd(
          conv, pays: vn_conv_backward_data_winograd_pays,
          applies: vn_conv_backward_data_winograd_applies)
      else { return nil }
      (self.conv, kind) = (conv, .inputGradient)
    }
  }

  var sumsResult: Bool {
    var conv = conv
    return switch kind {
    case .forward: vn_conv_sums_result(&conv)
    case .inputGradient: vn_conv_backward_data_sums_result(&conv)
    case .gradients: true
    }
  }

  func normalizesOperand(_ kernels: OpaquePointer) -> Bool {
    var conv = conv
    return switch kind {
    case .forward: vn_conv_normalizes_operand(kernels, &conv)
    case .inputGradient: vn_conv_backward_data_normalizes_operand(kernels, &conv)
    case .gradients: true
    }
  }

  /// The number of partial sums that it computes.
  func chunks(_ kernels: OpaquePointer, normalizes: Bool) -> Int {
    var conv = conv
    return switch kind {
    case .forward: vn_conv_normalization_chunks(kernels, &conv, normalizes)
    case .inputGradient: vn_conv_backward_data_normalization_chunks(kernels, &conv, normalizes)
    case .gradients: vn_conv_gradients_chunks(kernels, &conv)
    }
  }

  /// Whether `node` is the weight gradient of a convolution, and its kernel can compute the convolution's
  /// normalized operand.
  static func weightGradientNormalizes(_ node: Graph.Node, in graph: Graph, _ machine: Machine) -> Bool {
    guard let op = node.operation as? ConvWeightGradient, let input = node.inputs[0],
      let gradient = node.inputs[1], let x = graph.fact(input).image, let g = graph.fact(gradient).image,
      var conv = ConvKernel.convolution(Conv(window: op.window, groups: op.groups), x, g),
      !machine.prefersWinograd(
        conv, pays: vn_winograd_backward_weights_pays,
        applies: vn_winograd_applies_in_training)
    else { return false }
    return vn_conv_backward_weights_normalizes_operand(machine.kernels, &conv)
  }
}
