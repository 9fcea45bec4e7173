// What @jupyter/builder's own configuration lacks.
module.exports = {
  module: {
    rules: [
      {
        test: /codemirror-emacs[\\/]dist[\\/]index\.js$/,
        use: require.resolve('./keep-effects.cjs')
      }
    ]
  }
};
