import VisionTensor

/// An equation of Einstein's summation convention, such as `bij,bjk->bik`.
struct EinsumEquation {
  /// A letter, or a run of axes that is written as an ellipsis.
  enum Symbol: Hashable {
    case letter(Character)
    case ellipsis
  }

  let operands: [[Symbol]]
  /// Nil where the equation has no arrow.
  let output: [Symbol]?

  /// - Throws: `ShapeError` for what is no equation.
  init(_ text: String) throws(ShapeError) {
    let plain = text.filter { $0 != " " }
    guard plain.utf8.count <= 4096 else { throw ShapeError("the equation is too long") }
    let sides = plain.split(separator: ">", maxSplits: 1, omittingEmptySubsequences: false)
    var left = sides[0]
    if sides.count == 2 {
      guard left.last == "-" else { throw ShapeError("'\(text)' is not an equation") }
      left = left.dropLast()
    }
    var operands: [[Symbol]] = []
    for term in left.split(separator: ",", omittingEmptySubsequences: false) {
      operands.append(try Self.symbols(term, text))
    }
    self.operands = operands
    output = sides.count == 2 ? try Self.symbols(sides[1], text) : nil
  }

  private static func symbols(_ term: Substring, _ text: String) throws(ShapeError) -> [Symbol] {
    var symbols: [Symbol] = []
    var rest = term
    while let first = rest.first {
      if rest.hasPrefix("...") {
        guard !symbols.contains(.ellipsis) else { throw ShapeError("'\(text)' has two ellipses in one term") }
        symbols.append(.ellipsis)
        rest = rest.dropFirst(3)
      } else {
        guard first.isASCII, first.isLetter else { throw ShapeError("'\(text)' is not an equation") }
        symbols.append(.letter(first))
        rest = rest.dropFirst()
      }
    }
    return symbols
  }
}

/// An equation with the shapes of its operands.
///
/// Axes have labels: 0, 1, … for letters, and −1, −2, … for the axes of ellipses, counted from the end.
struct EinsumForm {
  /// By operand, the label of each axis.
  let operands: [[Int]]
  /// The labels of the output's axes.
  let output: [Int]
  /// The labels that are summed over, in ascending order.
  let summed: [Int]
  /// The length of each label's axis.
  let extents: [Int: Int]
  let shapes: [Shape]

  init(_ text: String, _ shapes: [Shape]) throws(ShapeError) {
    let equation = try EinsumEquation(text)
    guard equation.operands.count == shapes.count else {
      throw ShapeError("'\(text)' has \(equation.operands.count) operands, not \(shapes.count)")
    }
    var labels: [Character: Int] = [:]
    var uses: [Character: Int] = [:]
    var extents: [Int: Int] = [:]
    var operands: [[Int]] = []
    for (symbols, shape) in zip(equation.operands, shapes) {
      let hidden = shape.rank - symbols.count { $0 != .ellipsis }
      guard symbols.contains(.ellipsis) ? hidden >= 0 : hidden == 0 else {
        throw ShapeError("'\(text)' does not fit the operand \(shape)")
      }
      var axes: [Int] = []
      for symbol in symbols {
        guard case .letter(let letter) = symbol else {
          axes += (0..<hidden).map { $0 - hidden }
          continue
        }
        let label = labels[letter] ?? labels.count
        labels[letter] = label
        uses[letter, default: 0] += 1
        axes.append(label)
      }
      for (label, extent) in zip(axes, shape.dimensions) {
        let known = extents[label] ?? 1
        guard known == 1 || extent == 1 || known == extent else {
          throw ShapeError("'\(text)': axes of \(known) and \(extent) elements have the same name")
        }
        extents[label] = known == 1 ? extent : known
      }
      operands.append(axes)
    }
    let ellipsis = extents.keys.filter { $0 < 0 }.sorted()
    let once = uses.filter { $0.value == 1 }.keys.sorted()
    let written = equation.output ?? [.ellipsis] + once.map { .letter($0) }
    var output: [Int] = []
    for symbol in written {
      switch symbol {
      case .ellipsis: output += ellipsis
      case .letter(let letter):
        guard let label = labels[letter], !output.contains(label) else {
          throw ShapeError("'\(text)' cannot have '\(letter)' in its result")
        }
        output.append(label)
      }
    }
    guard ellipsis.isEmpty || written.contains(.ellipsis) else {
      throw ShapeError("'\(text)' lacks the ellipsis of its operands in its result")
    }
    self.operands = operands
    self.output = output
    self.extents = extents
    self.shapes = shapes
    summed = extents.keys.filter { !output.contains($0) }.sorted()
  }

  /// The shape of axes with these labels.
  func shape(_ labels: [Int]) -> Shape { Shape(labels.map { extents[$0] ?? 1 }) }

  /// How far operand `index` moves when the coordinate of each label grows by one.
  func steps(_ index: Int, _ labels: [Int]) -> [Int] {
    let (shape, axes) = (shapes[index], operands[index])
    let strides = shape.strides
    return labels.map { label in
      axes.indices.reduce(0) { $0 + (axes[$1] == label && shape[$1] != 1 ? strides[$1] : 0) }
    }
  }

  /// The positions that are read from operand `index`: those of each element of the output, and from there those of each
  /// summand.
  func places(_ index: Int) -> (starts: [Int], offsets: [Int]) {
    (
      Reference.indices(shape(output), steps: steps(index, output)),
      Reference.indices(shape(summed), steps: steps(index, summed))
    )
  }
}
