import VisionInference
import Foundation
import Testing
import VisionCompute
import VisionTensor

@testable import VisionTasks

@Suite struct LogisticRegressionTests {
  /// Overlapping clouds around three points of the plane, and features of noise.
  static func clouds(_ count: Int, features: Int = 7) -> HeadTrainer.Examples {
    let random = Philox(seed: 9).normal(count: count * features)
    var elements: [Float] = []
    var labels: [Int] = []
    for row in 0..<count {
      let label = row % 3
      labels.append(label)
      for column in 0..<features {
        elements.append(random[row * features + column] + (column == label ? 2 : 0) + Float(column))
      }
    }
    return HeadTrainer.Examples(
      features: Matrix(rows: count, columns: features, elements: elements), labels: labels)
  }

  /// The penalized loss of a head on scaled features, computed plainly in double precision.
  private func loss(_ point: [Double], _ x: Matrix, _ labels: [Int], _ penalty: Double) -> Double {
    var total = 0.0
    for (row, label) in labels.enumerated() {
      let z = (0..<3).map { k in
        (0..<x.columns).reduce(point[x.columns * 3 + k]) {
          $0 + Double(x.elements[row * x.columns + $1]) * point[$1 * 3 + k]
        }
      }
      total += log(z.map { exp($0) }.reduce(0, +)) - z[label]
    }
    let square = point[..<(x.columns * 3)].reduce(0) { $0 + $1 * $1 }
    return total / Double(labels.count) + penalty / 2 * square
  }

  @Test(arguments: FeatureScaling.allCases) func noNeighborIsBetterThanTheFit(_ scaling: FeatureScaling) {
    let data = Self.clouds(700)
    let regression = LogisticRegression(
      data.features, labels: data.labels, classes: 3, scaling: scaling, executor: Executor(threads: 2))
    var optimizer = LBFGS()
    optimizer.gradientTolerance = 1e-6
    optimizer.valueTolerance = 0
    let result = regression.fit(penalty: 0.02, from: regression.start, optimizer: optimizer)
    let (mean, factor) = scaling.fit(data.features)
    let scaled = FeatureScaling.apply(data.features, mean: mean, factor: factor)
    let value = loss(result.point, scaled, data.labels, 0.02)
    #expect(abs(value - result.value) < 1e-6)
    // Central differences of the plain loss vanish at the minimum.
    for index in result.point.indices {
      var (up, down) = (result.point, result.point)
      up[index] += 1e-4
      down[index] -= 1e-4
      let slope = (loss(up, scaled, data.labels, 0.02) - loss(down, scaled, data.labels, 0.02)) / 2e-4
      #expect(abs(slope) < 2e-5)
    }
  }

  @Test(arguments: FeatureScaling.allCases) func theHeadTakesFeaturesAsTheyCome(_ scaling: FeatureScaling) {
    let data = Self.clouds(300)
    let executor = Executor(threads: 1)
    let regression = LogisticRegression(
      data.features, labels: data.labels, classes: 3, scaling: scaling, executor: executor)
    let point = regression.fit(penalty: 0.1, from: regression.start).point
    let (mean, factor) = scaling.fit(data.features)
    let scaled = FeatureScaling.apply(data.features, mean: mean, factor: factor)
    let logits = regression.head(point).logits(data.features, on: executor)
    for row in 0..<20 {
      for k in 0..<3 {
        let expected = (0..<7).reduce(point[21 + k]) {
          $0 + Double(scaled.elements[row * 7 + $1]) * point[$1 * 3 + k]
        }
        #expect(abs(Double(logits.elements[row * 3 + k]) - expected) < 1e-4)
      }
    }
  }

  @Test func threadsDoNotChangeABit() {
    let data = Self.clouds(1100, features: 33)
    let heads = [1, 2, 3].map { threads in
      HeadTrainer(classes: 3, executor: Executor(threads: threads))
        .fit(data, scaling: .standard, penalty: 0.01)
    }
    #expect(heads[0] == heads[1])
    #expect(heads[0] == heads[2])
  }
}
