/// What training sinks say of what a node brought: the mean of their ratings, from 0 to 1.
package struct NodeRating: Hashable, Sendable {
    package var node: String
    package var rating: Double

    package init(node: String, rating: Double) {
        self.node = node
        self.rating = rating
    }
}
