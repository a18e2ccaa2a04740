public import VisionTensor

/// A loss that compares each element of the prediction with that of the target; both have the same type and
/// shape.
///
/// The mean is taken over all elements. The weights have the same type and broadcast to the prediction.
public protocol ElementwiseLoss: LossOperator {
  /// The loss of one element, and its derivative with respect to the prediction.
  func term(_ prediction: Double, _ target: Double, weight: Double) -> (loss: Double, derivative: Double)
}

extension ElementwiseLoss {
  public func check(_ prediction: Fact, _ target: Fact, _ weights: Fact?) throws(ShapeError) {
    guard target.type == prediction.type, target.shape == prediction.shape else {
      throw ShapeError("the target is \(target), the prediction \(prediction)")
    }
    if let weights, weights.shape.broadcast(with: prediction.shape) != prediction.shape {
      throw ShapeError("weights \(weights.shape) do not broadcast to the prediction \(prediction.shape)")
    }
  }

  public func terms(_ prediction: Tensor, _ target: Tensor, _ weights: Tensor?) throws(EvaluationError)
    -> LossTerms
  {
    let factors = weights.map { Reference.expanded($0, to: prediction.shape).doubles }
    let (p, t) = (prediction.doubles, target.doubles)
    let results = p.indices.map { term(p[$0], t[$0], weight: factors?[$0] ?? 1) }
    return LossTerms(
      losses: results.map(\.loss), derivatives: results.map(\.derivative), divisor: Double(p.count))
  }
}
