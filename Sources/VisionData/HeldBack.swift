/// How many images are held back for validation where nobody says.
package enum HeldBack {
  /// The part of images that are not split yet, in 0..<1: a fifth, of more than 2,000 a tenth, since what some hundred
  /// images say is certain enough and the others are better learned from.
  package static func share(of images: Int) -> Double { images > 2_000 ? 0.1 : 0.2 }
}
