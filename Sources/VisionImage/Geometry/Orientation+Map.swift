extension Orientation {
  /// Takes positions in the stored image, of `width` × `height` pixels, to those in the upright one.
  package func map(width: Int, height: Int) -> AffineMap {
    let (w, h) = (Double(width), Double(height))
    let end = startsAtEnd
    return swapsSides
      ? AffineMap(
        a: 0, b: end.x ? -1 : 1, tx: end.x ? h : 0, c: end.y ? -1 : 1, d: 0, ty: end.y ? w : 0)
      : AffineMap(a: end.x ? -1 : 1, tx: end.x ? w : 0, d: end.y ? -1 : 1, ty: end.y ? h : 0)
  }
}
