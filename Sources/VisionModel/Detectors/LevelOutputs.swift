import VisionGraph
import VisionTensor

/// Outputs by level, N×A×K with classes and N×A×4M with the distributions of the edges' distances, as NanoDet and PicoDet
/// have them.
struct LevelOutputs: Sendable {
  let strides: [Int]
  let classes: [DetectorView.Output]
  let distances: [DetectorView.Output]
  /// Whether the classes' numbers are probabilities.
  let areProbabilities: Bool
  var bins: Int { distances[0].shape[2] / 4 }

  init?(_ view: DetectorView, strides: [Int]) {
    guard view.outputs.count == 2 * strides.count else { return nil }
    var (classes, distances): ([DetectorView.Output], [DetectorView.Output]) = ([], [])
    for stride in strides {
      // In files the classes come first, whether by level or all of them.
      let level = view.rows(of: view.cells(stride))
      guard level.count == 2 else { return nil }
      classes.append(level[0])
      distances.append(level[1])
    }
    let (columns, bins) = (classes[0].shape[2], distances[0].shape[2])
    guard classes.allSatisfy({ $0.shape[2] == columns }), distances.allSatisfy({ $0.shape[2] == bins }),
      bins % 4 == 0, bins >= 8, columns > 0, view.labels.isEmpty || view.labels.count == columns
    else { return nil }
    let sigmoids = classes.map { OutputTrace(view.graph, $0.value).hasSigmoid }
    guard Set(sigmoids).count == 1,
      !distances.contains(where: { OutputTrace(view.graph, $0.value).hasSigmoid })
    else { return nil }
    (self.strides, self.classes, self.distances) = (strides, classes, distances)
    areProbabilities = sigmoids[0]
  }

  /// What the levels have, for people.
  var evidence: String {
    let list =
      strides.dropLast().map { "\($0)" }.joined(separator: ", ") + " and \(strides[strides.count - 1])"
    return "\(classes[0].shape[2]) classes and 4 × \(bins) numbers for the strides \(list)"
  }

  func decode(_ view: DetectorView, _ builder: HeadBuilder) throws(GraphError) -> DecodedOutputs {
    let scores = try builder.concat(classes, 1)
    let boxes = DistributionBoxes(bins: bins, strides: strides, offset: 0.5)
    return DecodedOutputs(
      boxes: try boxes.decode(builder.concat(distances, 1), view, builder),
      scores: areProbabilities ? scores : try builder.apply(Sigmoid(), scores))
  }
}
