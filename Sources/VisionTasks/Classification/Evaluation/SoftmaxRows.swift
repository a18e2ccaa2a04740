import VisionInference
import VisionSystem

/// Cross-entropy and softmax of rows of logits, in double precision.
enum SoftmaxRows {
  /// −log softmax(logits / temperature)[label] of each row.
  static func losses(_ logits: Matrix, labels: [Int], temperature: Double = 1) -> [Double] {
    labels.enumerated().map { row, label in
      let numbers = logits[row: row]
      let largest = Double(numbers.max() ?? 0)
      var sum = 0.0
      for number in numbers { sum += exp((Double(number) - largest) / temperature) }
      return log(sum) - (Double(numbers[numbers.startIndex + label]) - largest) / temperature
    }
  }

  /// softmax(logits / temperature), N×K.
  static func probabilities(_ logits: Matrix, temperature: Double = 1) -> Matrix {
    var result = logits
    for row in 0..<logits.rows {
      let numbers = logits[row: row]
      let largest = Double(numbers.max() ?? 0)
      let powers = numbers.map { exp((Double($0) - largest) / temperature) }
      let sum = powers.reduce(0, +)
      for (column, power) in powers.enumerated() {
        result.elements[row * logits.columns + column] = Float(power / sum)
      }
    }
    return result
  }
}
