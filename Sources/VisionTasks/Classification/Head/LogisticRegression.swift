import VisionInference
import VisionCompute
import VisionSystem

/// Multinomial logistic regression with a penalty on large weights:
/// minimizes 1/N · Σ −log p(label) + λ/2 · Σ w², p = softmax(x · W + b), the features scaled.
///
/// The products are computed in single precision with the kernels, sums over images in double precision and
/// in an order that does not depend on the number of threads.
final class LogisticRegression {
  let classes: Int
  private let labels: [Int]
  private let scaling: (mean: [Double], factor: [Double])
  /// N×E, scaled.
  private let features: Matrix
  /// E×N.
  private let transposed: Matrix
  private let executor: Executor
  private let product: MatrixProduct
  private var logits: [Float]
  private var weights: [Float]
  private var gradients: [Float]

  /// The rows that one thread processes at a time.
  private static let block = 256

  /// Precondition: each label is in 0..<classes, and there are as many as rows.
  init(_ features: Matrix, labels: [Int], classes: Int, scaling: FeatureScaling, executor: Executor) {
    self.classes = classes
    self.labels = labels
    self.scaling = scaling.fit(features)
    self.executor = executor
    self.features = FeatureScaling.apply(features, mean: self.scaling.mean, factor: self.scaling.factor)
    transposed = self.features.transposed
    let (n, e) = (features.rows, features.columns)
    product = MatrixProduct(on: executor)
    logits = [Float](repeating: 0, count: n * classes)
    weights = [Float](repeating: 0, count: e * classes)
    gradients = weights
  }

  /// Weights E×K, then biases K, all zero.
  var start: [Double] { [Double](repeating: 0, count: (features.columns + 1) * classes) }

  /// The best weights for a penalty.
  ///
  /// - Parameter start: where to begin, such as the weights for a penalty close by.
  func fit(
    penalty: Double, from start: [Double], optimizer: LBFGS = LBFGS(), isCancelled: () -> Bool = { false }
  ) -> LBFGS.Result {
    optimizer.minimize(from: start, isCancelled: isCancelled) { point, gradient in
      evaluate(point, penalty, &gradient)
    }
  }

  /// The head for unscaled features.
  func head(_ point: [Double]) -> LinearHead {
    let e = features.columns
    var head = LinearHead(features: e, classes: classes)
    for k in 0..<classes {
      var bias = point[e * classes + k]
      for j in 0..<e {
        let weight = point[j * classes + k] * scaling.factor[j]
        head.weights[k * e + j] = Float(weight)
        bias -= weight * scaling.mean[j]
      }
      head.biases[k] = Float(bias)
    }
    return head
  }

  private func evaluate(_ point: [Double], _ penalty: Double, _ gradient: inout [Double]) -> Double {
    let (n, e, k) = (features.rows, features.columns, classes)
    for index in weights.indices { weights[index] = Float(point[index]) }
    let biases = (0..<k).map { Float(point[e * k + $0]) }
    let blocks = (n + Self.block - 1) / Self.block
    var losses = [Double](repeating: 0, count: blocks)
    var biasSums = [Double](repeating: 0, count: blocks * k)
    product(m: n, n: k, k: e, features.elements, weights, into: &logits)
    logits.withUnsafeMutableBufferPointer { z in
      losses.withUnsafeMutableBufferPointer { losses in
        biasSums.withUnsafeMutableBufferPointer { sums in
          // Each thread writes the rows, losses and sums of its block.
          nonisolated(unsafe) let (z, losses, sums) = (z, losses, sums)
          executor.forEach(count: blocks) { [labels] block, _ in
            for row in block * Self.block..<min((block + 1) * Self.block, n) {
              let row = row * k
              losses[block] += Self.differences(
                UnsafeMutableBufferPointer(rebasing: z[row..<row + k]), biases, labels[row / k])
              for index in 0..<k { sums[block * k + index] += Double(z[row + index]) }
            }
          }
        }
      }
    }
    product(m: e, n: k, k: n, transposed.elements, logits, into: &gradients)
    let share = 1 / Double(n)
    var square = 0.0
    for index in gradients.indices {
      square += point[index] * point[index]
      gradient[index] = Double(gradients[index]) * share + penalty * point[index]
    }
    for index in 0..<k {
      gradient[e * k + index] = (0..<blocks).reduce(0) { $0 + biasSums[$1 * k + index] } * share
    }
    return losses.reduce(0, +) * share + penalty / 2 * square
  }

  /// Turns a row of x · W into p − target, and returns −log p(label).
  private static func differences(_ z: UnsafeMutableBufferPointer<Float>, _ biases: [Float], _ label: Int)
    -> Double
  {
    let count = biases.count
    var largest = -Float.infinity
    for index in 0..<count {
      z[index] += biases[index]
      largest = max(largest, z[index])
    }
    let own = Double(z[label] - largest)
    var sum = 0.0
    for index in 0..<count {
      z[index] = expf(z[index] - largest)
      sum += Double(z[index])
    }
    let factor = Float(1 / sum)
    for index in 0..<count { z[index] *= factor }
    z[label] -= 1
    return log(sum) - own
  }
}
