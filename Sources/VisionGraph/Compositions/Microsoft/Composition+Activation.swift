import VisionTensor

extension Composition {
  /// The result of the function that an operator of ONNX Runtime applies at its end; the value itself if there is none.
  ///
  /// - Parameter parameters: numbers of the function in ONNX's order; those that are missing have ONNX's defaults.
  func activated(_ x: Value, by name: String, _ parameters: [Float]) throws(GraphError) -> Value {
    func parameter(_ index: Int, _ fallback: Float) -> Float {
      index < parameters.count ? parameters[index] : fallback
    }
    switch name {
    case "": return x
    case Relu.name: return try add(Relu(), x)
    case Sigmoid.name: return try add(Sigmoid(), x)
    case Tanh.name: return try add(Tanh(), x)
    case LeakyRelu.name: return try add(LeakyRelu(alpha: parameter(0, 0.01)), x)
    case HardSigmoid.name: return try add(HardSigmoid(alpha: parameter(0, 0.2), beta: parameter(1, 0.5)), x)
    case Clip.name:
      guard parameters.count == 2 else { throw node.unsupported("the activation Clip without its bounds") }
      let bounds = parameters.map { scalar(Double($0), x.fact.type) }
      return try add(Clip(), x, bounds[0], bounds[1])
    default: throw node.unsupported("the activation '\(name)'")
    }
  }

  /// The sum of a node's first input and its second, if that is there.
  func biased() throws(GraphError) -> Value {
    let x = try node.input(0)
    return try node.optionalInput(1).map { (bias) throws(GraphError) in try add(Add(), x, bias) } ?? x
  }
}
