package import VisionTensor

/// gw[o,c,t] = Σ over n, p of gy[n,o,p] · x[n, g·C/G + c, p·stride + t·dilation − padding]: the gradient of a convolution
/// with respect to its weights, for any number of spatial axes.
///
/// Inputs: x N×C×spatial, gy N×O×output, of one floating-point type; output O×C/G×kernel.
package struct ConvWeightGradient: InternalOperator {
  package static let name = "ConvWeightGradient"
  /// The window of the convolution.
  package var window: Window
  package var groups: Int

  package init(window: Window, groups: Int = 1) {
    self.window = window
    self.groups = groups
  }

  package func outputs(_ inputs: [Fact?]) throws(ShapeError) -> [Fact] {
    let x = try ShapeRule.required(inputs, 0, types: .floats)
    let g = try ShapeRule.required(inputs, 1, types: [x.type])
    guard g.shape.rank >= 3, x.shape.rank == g.shape.rank, groups > 0, x.shape[1] % groups == 0 else {
      throw ShapeError("input \(x.shape) and gradient \(g.shape) do not fit \(groups) groups")
    }
    let w = Fact(x.type, Shape([g.shape[1], x.shape[1] / groups] + window.kernel))
    let y = try Conv(window: window, groups: groups).outputs([x, w])[0]
    guard g.shape == y.shape else { throw ShapeError("gradient \(g.shape) is not \(y.shape)") }
    return [w]
  }

  package func evaluate(_ inputs: [Tensor?]) throws(EvaluationError) -> [Tensor] {
    let fact = try resolved(inputs)[0]
    let x = try Reference.required(inputs, 0)
    let g = try Reference.required(inputs, 1)
    let geometry = try ConvGeometry(window, groups: groups, input: x.shape, output: g.shape)
    var result = [Double](repeating: 0, count: fact.shape.elementCount)
    let (source, gradient) = (x.doubles, g.doubles)
    result.withUnsafeMutableBufferPointer { result in
      source.withUnsafeBufferPointer { source in
        gradient.withUnsafeBufferPointer { gradient in
          geometry.forEachProduct { x, w, y in result[w] += source[x] * gradient[y] }
        }
      }
    }
    return [Tensor(doubles: result, shape: fact.shape, elementType: fact.type)]
  }

  package func gradient(_ node: Differentiation) throws(GraphError) -> [Value?] {
    try node.wanted { (index, x) throws(GraphError) in
      index == 0
        ? try node.add(
          ConvInputGradient(window: window, groups: groups), node.input(1), node.gradient, node.shape(of: x))
        : try node.add(Conv(window: window, groups: groups), node.input(0), node.gradient)
    }
  }

  package var attributes: Attributes { Conv(window: window, groups: groups).attributes }

  package func flops(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    guard inputs.count > 1, let g = inputs[1] else { return 0 }
    return 2 * g.shape.elementCount * outputs[0].shape.dimensions.dropFirst().reduce(1, *)
  }
}

/// The elements of input, weights and output that enter each product of a convolution.
struct ConvGeometry {
  private let taps: [[(tap: Int, position: Int)]]
  private let input: Shape
  private let output: Shape
  private let groups: Int
  private let kernel: Int

  init(_ window: Window, groups: Int, input: Shape, output: Shape) throws(EvaluationError) {
    let spatial = Array(input.dimensions.dropFirst(2))
    do {
      taps = Conv.taps(of: window, try window.resolved(spatial), input: spatial)
    } catch { throw EvaluationError(error.message) }
    self.input = input
    self.output = output
    self.groups = groups
    self.kernel = window.kernel.reduce(1, *)
  }

  /// Calls `body` once for every product, with its positions in the input, the weights and the output.
  func forEachProduct(_ body: (_ x: Int, _ w: Int, _ y: Int) -> Void) {
    let (channels, outputs) = (input[1], output[1])
    let group = channels / groups
    let plane = input.dimensions.dropFirst(2).reduce(1, *)
    for n in 0..<output[0] {
      for o in 0..<outputs {
        let first = n * channels + o / (outputs / groups) * group
        for (p, taps) in taps.enumerated() {
          let y = (n * outputs + o) * self.taps.count + p
          for c in 0..<group {
            for tap in taps {
              body((first + c) * plane + tap.position, (o * group + c) * kernel + tap.tap, y)
            }
          }
        }
      }
    }
  }
}
