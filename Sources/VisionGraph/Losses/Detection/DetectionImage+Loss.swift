import VisionSystem

extension DetectionImage {
  /// The loss of the image before the division by Z; its derivatives are written to those of the batch.
  func loss(_ assignment: TaskAlignedAssignment, _ derivatives: inout [Double]) -> Double {
    var sum = 0.0
    for place in places.indices where !assignment.isIgnored[place] {
      let quality = assignment.qualities[place]
      let object = assignment.objects[place].map { objects[$0] }
      for label in 0..<loss.classes {
        let term = comparison(logit(place, label), label == object?.label ? quality : 0)
        sum += term.loss
        derivatives[position(place) + label] = term.derivative
      }
      if let object, quality > 0 { sum += placement(place, object.box, quality, &derivatives) }
    }
    return sum
  }

  /// The loss of a score with the logit `p` that should be `q`.
  private func comparison(_ p: Double, _ q: Double) -> (loss: Double, derivative: Double) {
    let (score, cost) = (Libm.sigmoid(p), Libm.softplus(p))
    switch loss.comparison {
    case .crossEntropy: return (cost - q * p, score - q)
    case .varifocal where q > 0: return (q * (cost - q * p), q * (score - q))
    case .varifocal(let weight, let gamma):
      let (weight, gamma) = (Double(weight), Double(gamma))
      let factor = weight * Libm.pow(score, gamma)
      return (factor * cost, factor * (gamma * Libm.sigmoid(-p) * cost + score))
    }
  }

  /// The losses of where the box of a place lies.
  private func placement(
    _ place: Int, _ truth: BoxSides, _ quality: Double, _ derivatives: inout [Double]
  ) -> Double {
    let sides = (0..<4).map { side(place, $0) }
    let (overlap, slopes) = box(place, sides.map(\.distance)).generalizedOverlap(truth)
    let (x, y, stride) = places[place]
    let distances = [x - truth.left, y - truth.top, truth.right - x, truth.bottom - y].map { $0 / stride }
    var sum = quality * Double(loss.box) * (1 - overlap)
    let share = quality * Double(loss.distribution) / 4
    for (side, (probabilities, distance)) in sides.enumerated() {
      // Left and top move to smaller coordinates as their distance grows.
      let slope = -quality * Double(loss.box) * slopes[side] * (side < 2 ? -stride : stride)
      let wanted = max(0, min(distances[side], Double(loss.bins - 1)))
      let first = position(place) + loss.classes + side * loss.bins
      for (bin, probability) in probabilities.enumerated() {
        // Above 0 for the two bins that enclose the distance.
        let target = max(0, 1 - (Double(bin) - wanted).magnitude)
        if target > 0 { sum -= share * target * logarithm(first, bin) }
        derivatives[first + bin] =
          slope * probability * (Double(bin) - distance) + share * (probability - target)
      }
    }
    return sum
  }

  /// The logarithm of the probability of a bin, of which `first` is the first of its side.
  private func logarithm(_ first: Int, _ bin: Int) -> Double {
    let logits = raw[first..<first + loss.bins]
    let maximum = logits.max() ?? 0
    return raw[first + bin] - maximum - Libm.log(logits.reduce(0) { $0 + Libm.exp($1 - maximum) })
  }
}
