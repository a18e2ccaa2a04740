public import VisionTensor

/// A loss of logits N×K×… against the class of each row, int32 or int64 N×…, or, if `takesProbabilities`,
/// against probabilities of the type and shape of the logits. Weights: one for each of the K classes.
///
/// With classes as targets, the mean divides by the sum of the weights of the rows' classes, as in PyTorch;
/// with probabilities it divides by the number of rows.
public protocol ClassificationLoss: LossOperator {
  /// Whether the target may be probabilities.
  static var takesProbabilities: Bool { get }
  /// The class whose rows are ignored, or nil.
  var ignoredClass: Int? { get }
  /// The loss of one row and its derivatives with respect to its logits.
  ///
  /// - Parameters:
  ///   - logProbabilities: the logarithm of the softmax of the logits.
  ///   - target: the probability of each class.
  func row(_ logProbabilities: [Double], _ target: [Double], weights: [Double]) -> (
    loss: Double, derivatives: [Double]
  )
}

extension ClassificationLoss {
  public static var takesProbabilities: Bool { false }

  public func check(_ prediction: Fact, _ target: Fact, _ weights: Fact?) throws(ShapeError) {
    guard prediction.shape.rank >= 2, prediction.shape[1] > 0 else {
      throw ShapeError("the logits \(prediction.shape) must be N×K or N×K×…, K at least 1")
    }
    var rows = prediction.shape.dimensions
    rows.remove(at: 1)
    let isClass = [.int32, .int64].contains(target.type) && target.shape == Shape(rows)
    let isProbability =
      Self.takesProbabilities && target.type == prediction.type && target.shape == prediction.shape
    guard isClass || isProbability else {
      throw ShapeError(
        "the target \(target) does not fit logits \(prediction): it must be int64 \(Shape(rows))")
    }
    if let weights, weights.shape != [prediction.shape[1]] {
      throw ShapeError("class weights \(weights.shape) are not \(prediction.shape[1])")
    }
  }

  public func terms(_ prediction: Tensor, _ target: Tensor, _ weights: Tensor?) throws(EvaluationError)
    -> LossTerms
  {
    let classes = prediction.shape[1]
    let weights = weights?.doubles ?? [Double](repeating: 1, count: classes)
    let labels = target.elementType.isFloatingPoint ? nil : target.integers
    let (logits, probabilities) = (prediction.doubles, labels == nil ? target.doubles : [])
    var terms = LossTerms()
    terms.derivatives = logits.map { _ in 0 }
    var problem: Int?
    Reference.forEachLine(prediction.shape, axis: 1) { start, step, count in
      let places = (0..<count).map { start + $0 * step }
      var share = 1.0
      var wanted = [Double](repeating: 0, count: count)
      if let labels {
        let label = labels[start / (step * count) * step + start % step]
        if label == ignoredClass {
          terms.losses.append(0)
          return
        }
        guard label >= 0, label < count else {
          problem = label
          return
        }
        share = weights[label]
        wanted[label] = 1
      } else {
        wanted = places.map { probabilities[$0] }
      }
      var line = places.map { logits[$0] }
      LogSoftmax().transform(&line)
      let (loss, derivatives) = row(line, wanted, weights: weights)
      terms.losses.append(loss)
      for (place, derivative) in zip(places, derivatives) { terms.derivatives[place] = derivative }
      terms.divisor += share
    }
    if let problem { throw EvaluationError("class \(problem) is not in 0..<\(classes)") }
    return terms
  }
}
