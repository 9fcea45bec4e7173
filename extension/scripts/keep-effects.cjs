// A loader: @replit/codemirror-emacs fills its tables of keys and commands by calls that it marks as free of effects, so that a
// production build leaves them out, and no Emacs key does anything.
module.exports = source => source.replace(/\/\*@__PURE__\*\/(?=EmacsHandler\.)/g, '');
