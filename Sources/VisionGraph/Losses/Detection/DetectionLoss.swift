import VisionSystem
public import VisionTensor

/// The loss of a detector without anchor boxes: which place answers for which object, how sure it is, and where its
/// box lies, as one operator.
///
/// The prediction is N×A×(K + 4B) for the A places of a grid: the logits of K classes, then for left, top, right and
/// bottom the logits of B bins. The softmax of a side's bins is a distribution over the distances 0, 1, … B − 1
/// strides of that side from the center of the place, whose mean is its distance. The target is N×M×5, for each
/// object its class, left, top, right and bottom in pixels of the input. The class is −1 in rows behind the last
/// object, and −2 for boxes of which nothing is to be learned: places in them are no negative examples.
///
/// With the qualities q of `TaskAlignedAssignment`, which count as constants, and Z = max(1, Σ q) over the batch, the
/// loss is the sum of three parts divided by Z:
/// - for each place that is not ignored and each class, the cross-entropy of the score σ(p) and q for the class of the
///   place's object, 0 for other classes; with `varifocal` as in Zhang et al., "VarifocalNet", 2021, equation 2: times
///   q where q > 0, and −weight · σ(p)^γ · ln(1 − σ(p)) elsewhere;
/// - `box` · q · (1 − GIoU) for each place with an object;
/// - `distribution` · q · the mean over the four sides of the cross-entropy between the bins and the two that enclose
///   the true distance, by their nearness to it: Li et al., "Generalized Focal Loss", 2020, equation 6. Distances
///   count as at most B − 1.
///
/// Each loss of `terms` is that of an image.
public struct DetectionLoss: LossOperator {
  /// How scores are compared with qualities.
  public enum Comparison: Sendable, Hashable {
    case crossEntropy
    /// - Parameters:
    ///   - weight: that of negative examples, above 0.
    ///   - gamma: how strongly negative examples that are told well are weighted down, at least 0.
    case varifocal(weight: Float, gamma: Float)
  }

  public static let name = "DetectionLoss"
  public var grid: DetectionGrid
  /// K, at least 1.
  public var classes: Int
  /// B, at least 2.
  public var bins: Int
  /// M, at least 1.
  public var objects: Int
  /// The places that answer for an object at most, at least 1.
  public var top: Int
  /// The exponent α of the score in the alignment.
  public var alpha: Float
  /// The exponent β of the IoU in the alignment.
  public var beta: Float
  public var comparison: Comparison
  /// The weight of the boxes' overlap.
  public var box: Float
  /// The weight of the distributions of distances.
  public var distribution: Float
  public var reduction: LossReduction

  public init(
    grid: DetectionGrid, classes: Int, bins: Int, objects: Int, top: Int = 13, alpha: Float = 1,
    beta: Float = 6, comparison: Comparison = .crossEntropy, box: Float = 2.5, distribution: Float = 0.5,
    reduction: LossReduction = .mean
  ) {
    (self.grid, self.classes, self.bins, self.objects) = (grid, classes, bins, objects)
    (self.top, self.alpha, self.beta, self.comparison) = (top, alpha, beta, comparison)
    (self.box, self.distribution, self.reduction) = (box, distribution, reduction)
  }

  public var targetShape: Shape? { [objects, 5] }

  public func check(_ prediction: Fact, _ target: Fact, _ weights: Fact?) throws(ShapeError) {
    guard classes >= 1, bins >= 2, top >= 1 else {
      throw ShapeError("a detector has a class, two bins and a place for an object at least")
    }
    guard weights == nil else { throw ShapeError("the loss of a detector has no weights of classes") }
    let wanted = [grid.count, classes + 4 * bins]
    guard prediction.shape.rank == 3, Array(prediction.shape.dropFirst()) == wanted else {
      throw ShapeError(
        "the prediction is \(prediction.shape), not N×\(wanted[0])×\(wanted[1]) as for \(classes) classes and "
          + "\(bins) bins on inputs of \(grid.height)×\(grid.width)")
    }
    guard target.type == prediction.type, target.shape == [prediction.shape[0], objects, 5] else {
      throw ShapeError("the target is \(target), not \(prediction.type) N×\(objects)×5")
    }
  }

  public func terms(_ prediction: Tensor, _ target: Tensor, _ weights: Tensor?) throws(EvaluationError)
    -> LossTerms
  {
    let images = try images(prediction, target)
    return terms(images, images.map { TaskAlignedAssignment($0) })
  }

  /// The images of a batch.
  ///
  /// - Throws: `EvaluationError` for a class that there is not.
  func images(_ prediction: Tensor, _ target: Tensor) throws(EvaluationError) -> [DetectionImage] {
    let (raw, rows, places) = (prediction.doubles, target.doubles, grid.places)
    var images: [DetectionImage] = []
    for image in 0..<prediction.shape[0] {
      var found: [DetectionImage.Object] = []
      for index in 0..<objects {
        let row = Array(rows[(image * objects + index) * 5..<(image * objects + index + 1) * 5])
        guard let label = Int(exactly: row[0]), label >= -2, label < classes else {
          throw EvaluationError("class \(row[0]) is not in 0..<\(classes)")
        }
        let box = BoxSides(left: row[1], top: row[2], right: row[3], bottom: row[4])
        found.append(DetectionImage.Object(box: box, label: label))
      }
      images.append(
        DetectionImage(
          loss: self, places: places, objects: found, raw: raw,
          start: image * places.count * (classes + 4 * bins)))
    }
    return images
  }

  /// The losses with the given assignment.
  func terms(_ images: [DetectionImage], _ assignments: [TaskAlignedAssignment]) -> LossTerms {
    var terms = LossTerms()
    terms.derivatives = [Double](repeating: 0, count: images.first?.raw.count ?? 0)
    for (image, assignment) in zip(images, assignments) {
      terms.losses.append(image.loss(assignment, &terms.derivatives))
    }
    terms.divisor = max(1, assignments.reduce(0) { $0 + $1.weight })
    return terms
  }

  public var attributes: Attributes {
    var attributes: Attributes = [
      "size": .ints([grid.height, grid.width]), "strides": .ints(grid.strides), "classes": .int(classes),
      "bins": .int(bins), "objects": .int(objects), "top": .int(top), "alpha": .float(alpha),
      "beta": .float(beta), "box": .float(box), "distribution": .float(distribution),
      "reduction": .string(reduction.rawValue),
    ]
    if case .varifocal(let weight, let gamma) = comparison {
      attributes["negative_weight"] = .float(weight)
      attributes["gamma"] = .float(gamma)
    }
    return attributes
  }
}
